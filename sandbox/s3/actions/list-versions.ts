import { element, timestamp, wrap, type Xml } from '../../core/xml.js';
import { type Bucket, type ObjectVersion, versionIdOf } from '../bucket.js';
import { openBucket, type S3Call, type S3Result } from '../call.js';
import { invalidArgument, S3Error } from '../errors.js';
import { type Position, sequenceOf } from '../keys.js';
import { document } from '../response-xml.js';
import { keyWriter, pageLimit } from './list-objects.js';

/**
 * ListObjectVersions: versions and delete markers together, by key and the newest first. The markers of a page name
 * its last entry, and the next page begins after it.
 */
export function listObjectVersions(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const { query } = call;
  if (query.get('delimiter'))
    throw new S3Error('NotImplemented', 'The sandbox lists versions without a delimiter', 501);
  const write = keyWriter(query);
  const limit = pageLimit(query, 'max-keys');
  const prefix = query.get('prefix') ?? '';
  const rows: ObjectVersion[] = [];
  let isTruncated = false;
  for (const version of bucket.versions.after(startOf(bucket, query, prefix))) {
    if (!version.key.startsWith(prefix)) break;
    if (rows.length >= limit) {
      isTruncated = limit > 0;
      break;
    }
    rows.push(version);
  }
  const last = isTruncated ? rows.at(-1) : undefined;
  return {
    body: document(
      'ListVersionsResult',
      element('Name', bucket.name),
      element('Prefix', write(prefix)),
      element('KeyMarker', write(query.get('key-marker') ?? '')),
      element('VersionIdMarker', query.get('version-id-marker') ?? ''),
      element('NextKeyMarker', last && write(last.key)),
      element('NextVersionIdMarker', last && versionIdOf(last)),
      element('MaxKeys', limit),
      element('EncodingType', query.get('encoding-type') ?? undefined),
      element('IsTruncated', isTruncated),
      ...rowsXml(bucket, rows, write),
    ),
  };
}

/** Where a page begins. A `null` marker whose version has gone stands for the end of its key. */
function startOf(bucket: Bucket, query: URLSearchParams, prefix: string): Position {
  const key = query.get('key-marker') ?? '';
  const versionId = query.get('version-id-marker') ?? '';
  if (versionId !== '' && key === '')
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
    );
  if (key === '') return { key: prefix, seq: Infinity };
  if (versionId === '') return { key, seq: -Infinity };
  if (versionId === 'null') return { key, seq: bucket.version(key, 'null')?.seq ?? -Infinity };
  const seq = sequenceOf(versionId);
  if (seq === undefined) throw invalidArgument('Invalid version id specified', 'version-id-marker');
  return { key, seq };
}

function rowsXml(bucket: Bucket, rows: ObjectVersion[], write: (key: string) => string): Xml[] {
  let previous: string | undefined;
  return rows.map((version) => {
    const isLatest =
      previous === undefined
        ? bucket.latest(version.key)?.seq === version.seq
        : previous !== version.key;
    previous = version.key;
    return versionXml(version, isLatest, write);
  });
}

function versionXml(
  version: ObjectVersion,
  isLatest: boolean,
  write: (key: string) => string,
): Xml {
  const common = [
    element('Key', write(version.key)),
    element('VersionId', versionIdOf(version)),
    element('IsLatest', isLatest),
    timestamp('LastModified', version.lastModified),
  ];
  if (version.kind === 'deleteMarker') return wrap('DeleteMarker', ...common);
  return wrap(
    'Version',
    ...common,
    element('ETag', `"${version.etag}"`),
    element('Size', version.size),
    element('StorageClass', 'STANDARD'),
  );
}
