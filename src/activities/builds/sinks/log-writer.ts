import pLimit from 'p-limit';
import type { FollowState } from '../../../domain/builds/follow.js';
import type { LogCursor, LogEvent } from '../../../domain/builds/log-cursor.js';
import type { SavedProgress } from '../../saved-progress.js';
import type { LogPart, LogSink } from './sink.js';

/**
 * Hands a log to its sinks, every byte once and in order, whoever dies in between: how much is about to be
 * written is saved first, so that a successor writes the very same parts again.
 */
export class LogWriter {
  private readonly partBytes: number;
  private readonly isNumbered: boolean;

  constructor(
    private readonly sinks: readonly LogSink[],
    private readonly progress: SavedProgress<FollowState>,
  ) {
    // Cut once for all of them.
    this.partBytes = Math.min(...sinks.map((sink) => sink.partBytes));
    this.isNumbered = sinks.some((sink) => sink.isNumbered);
  }

  /** Writes events that follow what was written; the log goes on at `to`. */
  async write(events: readonly LogEvent[], to: LogCursor, signal: AbortSignal): Promise<void> {
    const { pending: _pending, ...before } = this.progress.value;
    const bytes = Buffer.from(events.map(({ message }) => message).join(''));
    let lost = 0;
    if (bytes.length > 0) {
      if (this.isNumbered) await this.progress.save({ ...before, pending: bytes.length });
      lost = await this.toAll(partsOf(bytes, before.position, this.partBytes), signal);
    }
    this.progress.note({
      cursor: to,
      position: {
        bytes: before.position.bytes + bytes.length,
        events: before.position.events + events.length,
        parts: before.position.parts + Math.ceil(bytes.length / this.partBytes),
      },
      lost: before.lost + lost,
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.sinks.map((sink) => sink.close()));
  }

  private async toAll(parts: readonly LogPart[], signal: AbortSignal): Promise<number> {
    const lost = await Promise.all(
      this.sinks.map(async (sink) => {
        const outcomes = await pLimit(sink.partsAtOnce).map(parts, (part) =>
          sink.write(part, signal),
        );
        return outcomes.filter((outcome) => outcome === 'lost').length;
      }),
    );
    return lost.reduce((sum, each) => sum + each, 0);
  }
}

function partsOf(
  bytes: Buffer,
  { bytes: offset, parts }: FollowState['position'],
  partBytes: number,
): LogPart[] {
  return Array.from({ length: Math.ceil(bytes.length / partBytes) }, (_, index) => ({
    number: parts + index + 1,
    offset: offset + index * partBytes,
    bytes: bytes.subarray(index * partBytes, (index + 1) * partBytes),
  }));
}
