import { element, timestamp, wrap, type Xml } from '../../core/xml.js';
import type { Bucket, ObjectVersion } from '../bucket.js';
import { countParameter, openBucket, type S3Call, type S3Result } from '../call.js';
import { invalidArgument } from '../errors.js';
import { encodeKey } from '../keys.js';
import { document } from '../response-xml.js';

const pageSize = 1000;

/** How keys are written: as they are, or percent-encoded with `encoding-type=url`. */
export function keyWriter(query: URLSearchParams): (key: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding !== null && encoding !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type');
  return encoding === 'url' ? encodeKey : (key) => key;
}

export function pageLimit(query: URLSearchParams, name: string): number {
  const limit = countParameter(query, name, pageSize);
  if (limit === undefined)
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name);
  return limit;
}

/** ListObjectsV2: the newest version of each key, unless that is a delete marker. */
export function listObjectsV2(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const { query } = call;
  const write = keyWriter(query);
  const token = query.get('continuation-token');
  const start = query.get('start-after') ?? '';
  const page = pageOf(bucket, {
    limit: pageLimit(query, 'max-keys'),
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    after: token === null ? start : Buffer.from(token, 'base64url').toString(),
  });
  const rows = [
    ...page.objects.map((version) => contentsXml(version, write)),
    ...page.prefixes.map((prefix) => wrap('CommonPrefixes', element('Prefix', write(prefix)))),
  ];
  const next = page.next === undefined ? undefined : Buffer.from(page.next).toString('base64url');
  return {
    body: document(
      'ListBucketResult',
      element('Name', bucket.name),
      element('Prefix', write(query.get('prefix') ?? '')),
      element('MaxKeys', pageLimit(query, 'max-keys')),
      element('EncodingType', query.get('encoding-type') ?? undefined),
      element('KeyCount', rows.length),
      element('IsTruncated', next !== undefined),
      element('ContinuationToken', token ?? undefined),
      element('NextContinuationToken', next),
      ...rows,
    ),
  };
}

interface PageRequest {
  limit: number;
  prefix: string;
  delimiter: string;
  /** The listing begins after this key or common prefix. */
  after: string;
}

interface Page {
  objects: ObjectVersion[];
  prefixes: string[];
  /** Where the next page begins, when there is one. */
  next: string | undefined;
}

function pageOf(bucket: Bucket, request: PageRequest): Page {
  const page: Page = { objects: [], prefixes: [], next: undefined };
  let last: string | undefined;
  let rolledUp = rollUp(request.after, request);
  let version = firstAfter(bucket, request);
  while (version?.key.startsWith(request.prefix)) {
    const { key } = version;
    const group = rollUp(key, request);
    const isNew = group === undefined ? version.kind === 'object' : group !== rolledUp;
    if (isNew && version.kind === 'object') {
      if (page.objects.length + page.prefixes.length >= request.limit) {
        page.next = request.limit === 0 ? undefined : last;
        return page;
      }
      if (group === undefined) page.objects.push(version);
      else page.prefixes.push(group);
      rolledUp = group;
      last = group ?? key;
    }
    // The rest of this key's versions, or of its common prefix, is skipped in one search.
    const skipTo = group !== undefined && group === rolledUp ? `${group}\u{10FFFF}` : key;
    version = nextOf(bucket, skipTo);
  }
  return page;
}

function firstAfter(bucket: Bucket, { after, prefix }: PageRequest): ObjectVersion | undefined {
  if (after !== '' && after >= prefix) return nextOf(bucket, after);
  return bucket.versions.after({ key: prefix, seq: Infinity }).next().value ?? undefined;
}

function nextOf(bucket: Bucket, key: string): ObjectVersion | undefined {
  return bucket.versions.after({ key, seq: -Infinity }).next().value ?? undefined;
}

/** The common prefix that a key falls under: up to the first delimiter after the prefix. */
function rollUp(key: string, { prefix, delimiter }: PageRequest): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function contentsXml(version: ObjectVersion, write: (key: string) => string): Xml {
  return wrap(
    'Contents',
    element('Key', write(version.key)),
    timestamp('LastModified', version.lastModified),
    element('ETag', `"${version.etag}"`),
    element('Size', version.size),
    element('StorageClass', 'STANDARD'),
  );
}
