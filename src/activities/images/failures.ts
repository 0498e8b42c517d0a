import { NightshiftError } from '../../domain/errors.js';
import { MirrorError } from '../../mirrors/index.js';

/** Turns what reading a mirror threw into an error for the person who reads it; others pass. */
export function fromMirrorError(error: unknown): unknown {
  if (!(error instanceof MirrorError)) return error;
  if (error.retryable)
    return new NightshiftError('MirrorUnavailable', error.message, {
      hint: 'nothing was taken for removed; the next check reads it again',
      retryable: true,
      cause: error,
    });
  return new NightshiftError('MirrorRefused', error.message, {
    ...(error.code === 'untrusted'
      ? { hint: 'check the key that `source` names, and who signs the mirror' }
      : {}),
    cause: error,
  });
}
