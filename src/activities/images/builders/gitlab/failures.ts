import { NightshiftError } from '../../../../domain/errors.js';
import { GitLabError } from '../../../../gitlab/index.js';

/** Turns what a call to GitLab threw into an error for the person who reads it; others pass. */
export function fromGitLabError(error: unknown, doing: string): unknown {
  if (!(error instanceof GitLabError)) return error;
  const { code, status, retryable } = error;
  const message = `${doing}: ${error.message}`;
  // What was asked for can be asked again: it is looked for first, and read again before it is written over.
  if (retryable || code === 'answerLost' || code === 'conflict')
    return new NightshiftError('GitLabUnavailable', message, {
      hint: 'GitLab could not be reached or asked to wait; trying again may help',
      retryable: true,
      cause: error,
    });
  const hint = hintOf(status);
  return new NightshiftError('GitLabRefused', message, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function hintOf(status: number | undefined): string | undefined {
  switch (status) {
    case 401:
      return 'check the access token in the SSM parameter that `token` names: it may have expired';
    case 403:
      return 'give the access token the scope api, and its user the role Developer (Maintainer for secure files)';
    case 404:
      return 'check `url` and `project`: for GitLab a project is not there that the token may not see';
    default:
      return undefined;
  }
}
