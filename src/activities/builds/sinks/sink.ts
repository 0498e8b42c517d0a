/** A part of a log: bytes that follow each other. */
export interface LogPart {
  /** From 1. */
  number: number;
  /** Bytes of the log before it. */
  offset: number;
  bytes: Buffer;
}

/** Where a log goes. To write a part again, the same one, changes nothing. */
export interface LogSink {
  /** Bytes of a part at most. */
  readonly partBytes: number;
  /** Parts are known by their number, so that one that is written again must have been cut at the same places. */
  readonly isNumbered: boolean;
  /** Parts that may be written at the same time. */
  readonly partsAtOnce: number;
  /** Returns `lost` for a part that is refused for good: the rest goes on without it. */
  write(part: LogPart, signal: AbortSignal): Promise<'written' | 'lost'>;
  close(): Promise<void>;
}
