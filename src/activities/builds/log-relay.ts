import type { LogRead } from './log-reader.js';
import type { LogWriter } from './sinks/log-writer.js';

/** Bytes of one log that are read ahead, at most: what is written together has one mark in the heartbeats. */
const mostAhead = 4_000_000;
/** Bytes of all logs together that may be read ahead. */
const mostOfAll = 64_000_000;
/** What the logs of this process have read and not yet written. */
const held = { bytes: 0 };

/**
 * Hands the pages of a log to its sinks while further ones are read. Pages that come faster than they are written are
 * written together.
 */
export class LogRelay {
  private waiting: LogRead[] = [];
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

  add(read: LogRead): void {
    if (this.hasFailed) return;
    const bytes = sizeOf(read);
    held.bytes += bytes;
    this.waitingBytes += bytes;
    this.waiting.push(read);
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

  private async writeThose(pages: readonly LogRead[], bytes: number): Promise<void> {
    const [first, ...others] = pages;
    if (!first) return;
    const { cursor } = others.at(-1) ?? first;
    try {
      // Not flatMap, which looks at every one of them.
      const events = first.events.concat(...others.map((page) => page.events));
      await this.writer.write(events, cursor, this.signal);
    } finally {
      held.bytes -= bytes;
    }
  }
}

/** About as many bytes as its text has. */
function sizeOf({ events }: LogRead): number {
  let size = 0;
  for (const { message } of events) size += message.length;
  return size;
}
