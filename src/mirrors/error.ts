/**
 * - `unavailable`: no answer, a broken one, or one that says to come back later.
 * - `inconsistent`: the mirror's parts don't fit together, as in the middle of a sync.
 * - `refused`: the mirror denies what was asked, or has nothing there.
 * - `untrusted`: the signature isn't that of the configured key, or there is none.
 * - `unsupported`: the mirror is of a form that can't be read, or beyond the limits.
 */
export type MirrorErrorCode =
  'unavailable' | 'inconsistent' | 'refused' | 'untrusted' | 'unsupported';

/** A mirror that could not be read. It is never reported as one with fewer packages. */
export class MirrorError extends Error {
  override readonly name = 'MirrorError';
  readonly code: MirrorErrorCode;
  /** The document at fault, without a password. */
  readonly url: string;
  /** Whether the same reading may succeed later, unchanged. */
  readonly retryable: boolean;

  constructor(
    code: MirrorErrorCode,
    url: string,
    what: string,
    /** Of the HTTP answer, where it was that. */
    readonly status?: number,
  ) {
    const shown = withoutPassword(url);
    super(`${shown}: ${what}`);
    this.code = code;
    this.url = shown;
    this.retryable = code === 'unavailable' || code === 'inconsistent';
  }
}

/** A URL as an error may show it. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return '(no URL)';
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  return shown.href;
}
