/** How hard a bucket is emptied, and when it is given up. */
export interface EmptyLimits {
  /** Delete calls in flight at once, of up to 1,000 keys each. */
  concurrency: number;
  /** Keys deleted per second to begin with. It grows while S3 lets it and falls at a SlowDown. */
  keysPerSecond: number;
  /** Times that a key is tried within a sweep before it counts as failed, and a call before S3 counts as unwilling. */
  attempts: number;
  /** Looks through the whole bucket. */
  maxSweeps: number;
  /** Milliseconds until the look after one that found something late; each further one waits twice as long. */
  firstPause: number;
  /** Milliseconds that the pause never exceeds. */
  longestPause: number;
}

export const defaultEmptyLimits: EmptyLimits = {
  concurrency: 6,
  // "At least 3,500 PUT/COPY/POST/DELETE requests per second per partitioned prefix" (S3 user guide).
  keysPerSecond: 3500,
  attempts: 8,
  maxSweeps: 12,
  firstPause: 250,
  longestPause: 20_000,
};
