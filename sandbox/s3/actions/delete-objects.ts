import { z } from 'zod';
import { element, wrap, type Xml } from '../../core/xml.js';
import { type Bucket, type Deletion, versionIdOf } from '../bucket.js';
import { openBucket, type S3Call, type S3Result } from '../call.js';
import { checkedBody } from '../checksum.js';
import { lockedMessage, malformedXml, slowDown } from '../errors.js';
import { prefixOf } from '../keys.js';
import { parseXml } from '../request-xml.js';
import { document } from '../response-xml.js';

const maxKeys = 1000;

const objectSchema = z.object({ Key: z.string().min(1), VersionId: z.string().optional() });
const bodySchema = z.object({
  Delete: z.object({ Quiet: z.string().optional(), Object: z.array(objectSchema).min(1) }),
});
type Named = z.output<typeof objectSchema>;

/**
 * DeleteObjects: up to 1,000 keys; what went wrong with one of them is told inside a 200. `chance` says whether a key
 * is to fail for no reason (InternalError), as S3 sometimes does.
 */
export function deleteObjects(call: S3Call, chance: () => boolean): S3Result {
  const bucket = openBucket(call);
  const body = parseXml(checkedBody(call.request, true), bodySchema).Delete;
  const names = body.Object;
  if (names.length > maxKeys) throw malformedXml();
  if (!bucket.quota.take(countByPrefix(names), call.now)) throw slowDown();
  const quiet = body.Quiet?.trim().toLowerCase() === 'true';
  const rows: Xml[] = [];
  let effective = false;
  for (const name of names) {
    if (chance()) {
      rows.push(
        errorXml(name, 'InternalError', 'We encountered an internal error. Please try again.'),
      );
      continue;
    }
    const deletion = bucket.delete(name.Key, name.VersionId, call.now);
    effective ||= deletion.kind === 'removed' || deletion.kind === 'marked';
    const row = deletionXml(bucket, name, deletion, quiet);
    if (row !== undefined) rows.push(row);
  }
  return { body: document('DeleteResult', ...rows), effective };
}

function countByPrefix(names: readonly Named[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Key } of names) {
    const prefix = prefixOf(Key);
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return counts;
}

function deletionXml(
  bucket: Bucket,
  name: Named,
  deletion: Deletion,
  quiet: boolean,
): Xml | undefined {
  switch (deletion.kind) {
    case 'locked':
      return errorXml(name, 'AccessDenied', lockedMessage);
    case 'invalid-version':
      return errorXml(name, 'NoSuchVersion', 'The specified version does not exist.');
    case 'absent':
      return quiet ? undefined : deletedXml(name);
    case 'removed': {
      const { version } = deletion;
      const isMarker = version.kind === 'deleteMarker' && bucket.versioning !== undefined;
      return quiet ? undefined : deletedXml(name, isMarker ? versionIdOf(version) : undefined);
    }
    case 'marked':
      return quiet ? undefined : deletedXml(name, versionIdOf(deletion.marker));
  }
}

function deletedXml(name: Named, marker?: string): Xml {
  return wrap(
    'Deleted',
    element('Key', name.Key),
    element('VersionId', name.VersionId),
    marker === undefined ? '' : element('DeleteMarker', true),
    element('DeleteMarkerVersionId', marker),
  );
}

function errorXml(name: Named, code: string, message: string): Xml {
  return wrap(
    'Error',
    element('Key', name.Key),
    element('VersionId', name.VersionId),
    element('Code', code),
    element('Message', message),
  );
}
