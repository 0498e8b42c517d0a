import { MirrorError } from '../error.js';

export function isRedirect(status: number | undefined): boolean {
  return status !== undefined && [301, 302, 303, 307, 308].includes(status);
}

/** Where an answer's `Location` leads to. Throws a {@link MirrorError} where that is nowhere, or less safe. */
export function redirected(url: URL, location: string | undefined): URL {
  if (location === undefined)
    throw new MirrorError('refused', url.href, 'redirects without saying where to');
  const next = parseUrl(location, url.href, url);
  if (url.protocol === 'https:' && next.protocol === 'http:')
    throw new MirrorError('refused', url.href, `redirects from https to http, ${next.origin}`);
  return next;
}

/** A URL of http or https. Throws a {@link MirrorError} about `shown` where the text is none. */
export function parseUrl(text: string, shown: string, base?: URL): URL {
  if (URL.canParse(text, base?.href)) {
    const url = new URL(text, base);
    if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  }
  throw new MirrorError('unsupported', shown, 'must lead to a URL of http or https');
}
