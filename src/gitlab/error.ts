import { HttpFailure, type HttpFailureOptions } from '../http/failure.js';

/**
 * - `refused`: by its status, as 401, 403, 404, 400;
 * - `unavailable`: no answer, one that is none of GitLab's, or too many calls;
 * - `answerLost`: GitLab may have done what it was asked to, and looking for it is up to the caller;
 * - `conflict`: somebody else has written a secure file meanwhile;
 * - `full`: the project has as many secure files as it may, and none that can go;
 * - `damaged`: what was stored isn't what was meant;
 * - `tooMany`: a list is longer than what can be looked through;
 * - `invalid`: what was asked for can't be.
 */
export type GitLabErrorCode =
  | 'refused'
  | 'unavailable'
  | 'answerLost'
  | 'conflict'
  | 'full'
  | 'damaged'
  | 'tooMany'
  | 'invalid';

/** A call to GitLab that failed, or what can't be done there. It never holds a token. */
export class GitLabError extends HttpFailure {
  override readonly name = 'GitLabError';

  constructor(
    readonly code: GitLabErrorCode,
    message: string,
    options: HttpFailureOptions,
  ) {
    super(message, options);
  }

  override afterLostAnswer(): GitLabError {
    const { code, message, status, retryAfterMs, retryable } = this;
    const options = { status, retryAfterMs, retryable, earlierAnswerLost: true };
    return new GitLabError(code, message, options);
  }

  /** The same, where the call must not be made again before somebody has looked for what it did. */
  asAnswerLost(): GitLabError {
    const { message, status } = this;
    return new GitLabError('answerLost', message, { status, retryable: false });
  }
}

export function hasStatus(error: unknown, ...statuses: number[]): error is GitLabError {
  return error instanceof GitLabError && statuses.includes(error.status ?? 0);
}
