import pLimit, { type LimitFunction } from 'p-limit';
import { type LogChunk, chunksOf } from '../../../domain/buildkite/chunks.js';
import type { FollowState } from '../../../domain/builds/follow.js';
import type { LogCursor, LogEvent } from '../../../domain/builds/log-cursor.js';
import type { SavedProgress } from '../../saved-progress.js';
import type { LogSink } from './sink.js';

/** A stretch of a log as sinks take it: of what CloudWatch said of its events, their number is left. */
export interface LogText {
  bytes: Buffer;
  events: number;
}

export function textOf(events: readonly LogEvent[]): LogText {
  return {
    bytes: Buffer.from(events.map(({ message }) => message).join('')),
    events: events.length,
  };
}

/**
 * Hands a log to its sinks, every byte once and in order, whoever dies in between: how much is about to be
 * written is saved first, so that a successor writes the very same chunks again.
 */
export class LogWriter {
  private readonly chunkBytes: number;
  private readonly isNumbered: boolean;
  private readonly sinks: readonly { sink: LogSink; turn: LimitFunction }[];

  constructor(
    sinks: readonly LogSink[],
    private readonly progress: SavedProgress<FollowState>,
  ) {
    this.sinks = sinks.map((sink) => ({ sink, turn: pLimit(sink.chunksAtOnce) }));
    // Cut once for all of them.
    this.chunkBytes = Math.min(...sinks.map((sink) => sink.chunkBytes));
    this.isNumbered = sinks.some((sink) => sink.isNumbered);
  }

  /** Writes what follows that which was written; the log goes on at `to`. */
  async write({ bytes, events }: LogText, to: LogCursor, signal: AbortSignal): Promise<void> {
    const { pending: _pending, ...before } = this.progress.value;
    if (bytes.length > 0 && this.isNumbered)
      await this.progress.save({ ...before, pending: bytes.length });
    const { position } = before;
    const chunks = chunksOf(bytes, this.chunkBytes, {
      sequence: position.parts + 1,
      offset: position.bytes,
    });
    const lost = await this.toAll(chunks, signal);
    this.progress.note({
      cursor: to,
      position: {
        bytes: position.bytes + bytes.length,
        events: position.events + events,
        parts: position.parts + chunks.length,
        lost: position.lost + lost,
      },
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.sinks.map(({ sink }) => sink.close()));
  }

  private async toAll(chunks: readonly LogChunk[], signal: AbortSignal): Promise<number> {
    const lost = await Promise.all(
      this.sinks.map(async ({ sink, turn }) => {
        const outcomes = await turn.map(chunks, (chunk) => sink.write(chunk, signal));
        return outcomes.filter((outcome) => outcome === 'lost').length;
      }),
    );
    return lost.reduce((sum, each) => sum + each, 0);
  }
}
