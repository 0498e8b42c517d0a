import type { LogCursor } from '../../domain/builds/log-cursor.js';
import type { LogRead } from './log-reader.js';
import { type LogText, type LogWriter, textOf } from './sinks/log-writer.js';

/** Bytes of one log that are read ahead, at most: what is written together has one mark in the heartbeats. */
const mostAhead = 4_000_000;
/** Bytes of all logs together that may be read ahead. */
const mostOfAll = 64_000_000;
/** What the logs of this process have read and not yet written. */
const held = { bytes: 0 };

/**
 * A page that waits: its text alone, outside of the heap. Its events, ten thousand objects, would live for as long as
 * the write before it takes, and by then be among what is rarely collected.
 */
type WaitingPage = LogText & { cursor: LogCursor };

/**
 * Hands the pages of a log to its sinks while further ones are read. Pages that come faster than they are written are
 * written together.
 */
export class LogRelay {
  private waiting: WaitingPage[] = [];
  private waitingBytes = 0;
  /** Until nothing waits. */
  private writing: Promise<void> | undefined;
  /** The write under way. */
  private step: Promise<void> | undefined;
  private hasFailed = false;

  constructor(
    private readonly writer: LogWriter,
    private readonly signal: AbortSignal,
  ) {}

  /** Resolves when another page may be read. Rejects when one could not be written. */
  async room(): Promise<void> {
    while (this.step && (this.waitingBytes >= mostAhead || held.bytes >= mostOfAll))
      await this.step;
    if (this.hasFailed) await this.end();
  }

  add({ events, cursor }: LogRead): void {
    if (this.hasFailed) return;
    const page = { ...textOf(events), cursor };
    held.bytes += page.bytes.length;
    this.waitingBytes += page.bytes.length;
    this.waiting.push(page);
    if (this.writing) return;
    this.writing = this.writeAll();
    // It is told to whoever asks for room, or for the end.
    this.writing.catch(() => undefined);
  }

  /** Resolves when all is written. Rejects when something could not be. */
  async end(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        this.step = this.writeThose(this.waiting, this.waitingBytes);
        this.waiting = [];
        this.waitingBytes = 0;
        await this.step;
      }
      this.writing = undefined;
    } catch (error) {
      this.hasFailed = true;
      held.bytes -= this.waitingBytes;
      throw error;
    } finally {
      this.step = undefined;
    }
  }

  private async writeThose(pages: readonly WaitingPage[], bytes: number): Promise<void> {
    const last = pages.at(-1);
    if (!last) return;
    try {
      await this.writer.write(together(pages), last.cursor, this.signal);
    } finally {
      held.bytes -= bytes;
    }
  }
}

function together(pages: readonly WaitingPage[]): LogText {
  const [first, ...others] = pages;
  if (first && others.length === 0) return first;
  return {
    bytes: Buffer.concat(pages.map(({ bytes }) => bytes)),
    events: pages.reduce((sum, { events }) => sum + events, 0),
  };
}
