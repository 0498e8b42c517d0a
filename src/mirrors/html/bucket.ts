import { childrenOf, parseXml, textOf } from '../xml.js';
import type { Listing } from './listing.js';

/**
 * What an S3 bucket lists at its own URL, in either version of ListObjects; undefined where the document is no such
 * list. Throws a `MirrorError` where it is one and breaks off.
 */
export function listingOfBucket(document: string, url: string): Listing | undefined {
  if (!/^\s*(<\?xml[^>]*>\s*)?<ListBucketResult/.test(document)) return undefined;
  const result = parseXml(document, url);
  const keys = childrenOf(result, 'Contents').map((object) => textOf(object, 'Key') ?? '');
  const prefixes = childrenOf(result, 'CommonPrefixes').map((each) => textOf(each, 'Prefix') ?? '');
  const root = new URL(url);
  root.search = '';
  const listing: Listing = {
    files: keys
      .filter((key) => !/(^|\/)$/.test(key))
      .map((key) => new URL(key.split('/').map(encodeURIComponent).join('/'), root).href),
    directories: prefixes.map((prefix) => asked(url, { prefix })),
  };
  if (textOf(result, 'IsTruncated') !== 'true') return listing;
  const token = textOf(result, 'NextContinuationToken');
  // The first version names where to go on only if a delimiter is asked for.
  const marker = textOf(result, 'NextMarker') ?? keys.at(-1) ?? '';
  return {
    ...listing,
    next: asked(url, token === undefined ? { marker } : { 'continuation-token': token }),
  };
}

function asked(url: string, parameters: Readonly<Record<string, string>>): string {
  const next = new URL(url);
  if ('prefix' in parameters)
    for (const name of ['marker', 'continuation-token']) next.searchParams.delete(name);
  for (const [name, value] of Object.entries(parameters)) next.searchParams.set(name, value);
  return next.href;
}
