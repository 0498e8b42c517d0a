import { NightshiftError } from '../../domain/errors.js';
import type { SecretName } from '../../domain/images/spec.js';
import { MirrorError } from '../../mirrors/index.js';

/**
 * Turns what reading a mirror threw into an error for the person who reads it; others pass.
 *
 * @param login that the mirror was given
 */
export function fromMirrorError(error: unknown, login: SecretName | undefined): unknown {
  if (!(error instanceof MirrorError)) return error;
  if (error.retryable)
    return new NightshiftError('MirrorUnavailable', error.message, {
      hint: 'nothing was taken for removed; the next check reads it again',
      retryable: true,
      cause: error,
    });
  const hint = hintOf(error, login);
  return new NightshiftError('MirrorRefused', error.message, {
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

function hintOf({ code, status }: MirrorError, login: SecretName | undefined): string | undefined {
  if (code === 'untrusted') return 'check the key that `source` names, and who signs the mirror';
  if (login && (status === 401 || status === 403))
    return `check user:password in the SSM parameter ${login.ssm}, and what it may read`;
  // Not at 403: a bucket answers so for what isn't there.
  if (status === 401) return '`login` of the source gives a mirror the user and password';
  return undefined;
}
