export interface BuildkiteErrorOptions {
  /** HTTP status of the answer; absent where none came. */
  status?: number;
  /** What the server asked to wait before the next attempt, in milliseconds. */
  retryAfterMs?: number;
  /** Whether the same call may succeed later, unchanged. */
  retryable: boolean;
  earlierAnswerLost?: boolean;
}

/**
 * A call to Buildkite that failed. It never holds a token: not in its message, and it has no cause, since an HTTP
 * client's own errors quote headers.
 */
export class BuildkiteError extends Error {
  override readonly name = 'BuildkiteError';
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly retryable: boolean;
  /**
   * An earlier attempt of the same call may have been carried out, though its answer never came. A refusal (422) can
   * then mean that the call has succeeded.
   */
  readonly earlierAnswerLost: boolean;

  constructor(message: string, options: BuildkiteErrorOptions) {
    super(message);
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
    this.retryable = options.retryable;
    this.earlierAnswerLost = options.earlierAnswerLost ?? false;
  }

  /** Whether Buildkite may have carried the call out: no answer, a broken one, or a gateway's. */
  get answerLost(): boolean {
    return this.status === undefined || this.status < 300 || this.status >= 500;
  }

  afterLostAnswer(): BuildkiteError {
    return new BuildkiteError(this.message, {
      ...(this.status === undefined ? {} : { status: this.status }),
      ...(this.retryAfterMs === undefined ? {} : { retryAfterMs: this.retryAfterMs }),
      retryable: this.retryable,
      earlierAnswerLost: true,
    });
  }
}
