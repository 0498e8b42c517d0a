import { HttpFailure } from '../http/failure.js';

/** A call to Buildkite that failed. A refusal (422) after a lost answer can mean that the call has succeeded. */
export class BuildkiteError extends HttpFailure {
  override readonly name = 'BuildkiteError';

  override afterLostAnswer(): BuildkiteError {
    const { message, status, retryAfterMs, retryable } = this;
    return new BuildkiteError(message, {
      status,
      retryAfterMs,
      retryable,
      earlierAnswerLost: true,
    });
  }
}
