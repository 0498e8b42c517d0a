import { BuildkiteError } from '../../buildkite/index.js';
import { NightshiftError } from '../../domain/errors.js';

/** Turns what a call to Buildkite threw into an error for the person who reads it; others pass. */
export function fromBuildkiteError(error: unknown, doing: string): unknown {
  if (!(error instanceof BuildkiteError)) return error;
  const message = `${doing}: ${error.message}`;
  if (error.retryable)
    return new NightshiftError('BuildkiteUnavailable', message, {
      hint: 'Buildkite could not be reached or asked to wait; trying again may help',
      retryable: true,
      cause: error,
    });
  const isRefused = error.status === 401 || error.status === 403;
  return new NightshiftError('BuildkiteRefused', message, {
    ...(isRefused
      ? { hint: 'check the agent token that buildkite.token names: it must be one of this cluster' }
      : {}),
    cause: error,
  });
}

/** Whether Buildkite said that a call is not to be made any more: the job is over, or not ours. */
export function isOver(error: unknown): boolean {
  return error instanceof BuildkiteError && [401, 403, 404, 422].includes(error.status ?? 0);
}

/** Whether Buildkite said that the caller may not do this at all. */
export function isForbidden(error: unknown): boolean {
  return error instanceof BuildkiteError && error.status === 403;
}

/** Whether Buildkite did not know the token of a call. */
export function isUnknownToken(error: unknown): boolean {
  return error instanceof BuildkiteError && error.status === 401;
}
