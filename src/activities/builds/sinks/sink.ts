import type { LogChunk } from '../../../domain/buildkite/chunks.js';

/** Where a log goes. To write a chunk again, the same one, changes nothing. */
export interface LogSink {
  /** Bytes of a chunk at most. */
  readonly chunkBytes: number;
  /** Chunks are known by their number, so that one that is written again must have been cut at the same places. */
  readonly isNumbered: boolean;
  /** Chunks that may be written at the same time. */
  readonly chunksAtOnce: number;
  /** Returns `lost` for a chunk that is refused for good: the rest goes on without it. */
  write(chunk: LogChunk, signal: AbortSignal): Promise<'written' | 'lost'>;
  close(): Promise<void>;
}
