export interface HttpFailureOptions {
  /** HTTP status of the answer; absent where none came. */
  status?: number | undefined;
  /** What the server asked to wait before the next attempt, in milliseconds. */
  retryAfterMs?: number | undefined;
  /** Whether the same call may succeed later, unchanged. */
  retryable: boolean;
  earlierAnswerLost?: boolean | undefined;
}

/**
 * A call of an HTTP API that failed. It never holds a token: not in its message, and it has no cause, since an HTTP
 * client's own errors quote headers.
 */
export abstract class HttpFailure extends Error {
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly retryable: boolean;
  /**
   * An earlier attempt of the same call may have been carried out, though its answer never came. A refusal can then
   * mean that the call has succeeded.
   */
  readonly earlierAnswerLost: boolean;

  constructor(message: string, options: HttpFailureOptions) {
    super(message);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.retryable = options.retryable;
    this.earlierAnswerLost = options.earlierAnswerLost ?? false;
  }

  /** The same failure, of a call whose earlier answer was lost. */
  abstract afterLostAnswer(): HttpFailure;

  /** Whether the server may have carried the call out: no answer, a broken one, or a gateway's. */
  get answerLost(): boolean {
    return this.status === undefined || this.status < 300 || this.status >= 500;
  }
}
