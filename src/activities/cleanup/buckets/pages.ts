import { ListMultipartUploadsCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { NightshiftError } from '../../../domain/errors.js';
import { type BucketAccess, bucketInput } from './bucket-context.js';

/** A version or delete marker, by the names that a delete takes. `null` is a version's id, too. */
export interface VersionName {
  key: string;
  versionId: string | undefined;
}

export interface UploadName {
  key: string;
  uploadId: string;
}

/** All versions and delete markers, a page (up to 1,000) at a time. */
export async function* versionPages(access: BucketAccess): AsyncGenerator<VersionName[]> {
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await access.s3.send(
      // Keys may hold characters that XML can't: they come percent-encoded.
      new ListObjectVersionsCommand({ ...bucketInput(access), ...markers, EncodingType: 'url' }),
      { abortSignal: access.signal },
    );
    const read = keyReader(page.EncodingType);
    const names = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map((version) => ({
      key: read(version.Key ?? ''),
      versionId: version.VersionId,
    }));
    if (names.length > 0) yield names;
    if (page.IsTruncated !== true) return;
    const next = { KeyMarker: read(page.NextKeyMarker), VersionIdMarker: page.NextVersionIdMarker };
    requireProgress(access.bucket, 'ListObjectVersions', markers, next);
    markers = next;
  }
}

/** All incomplete multipart uploads, a page (up to 1,000) at a time. */
export async function* uploadPages(access: BucketAccess): AsyncGenerator<UploadName[]> {
  let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await access.s3.send(
      new ListMultipartUploadsCommand({ ...bucketInput(access), ...markers, EncodingType: 'url' }),
      { abortSignal: access.signal },
    );
    const read = keyReader(page.EncodingType);
    const names = (page.Uploads ?? []).flatMap(({ Key, UploadId }) =>
      Key === undefined || UploadId === undefined ? [] : [{ key: read(Key), uploadId: UploadId }],
    );
    if (names.length > 0) yield names;
    if (page.IsTruncated !== true) return;
    const next = { KeyMarker: read(page.NextKeyMarker), UploadIdMarker: page.NextUploadIdMarker };
    requireProgress(access.bucket, 'ListMultipartUploads', markers, next);
    markers = next;
  }
}

/** Keys are decoded when the answer says that they are encoded: not everything that speaks S3 does as it is asked. */
function keyReader(encoding: string | undefined) {
  function read(key: string): string;
  function read(key: string | undefined): string | undefined;
  function read(key: string | undefined): string | undefined {
    return encoding === 'url' && key !== undefined
      ? decodeURIComponent(key.replaceAll('+', ' '))
      : key;
  }
  return read;
}

function requireProgress(
  bucket: string,
  action: string,
  from: object,
  to: { KeyMarker?: unknown },
) {
  if (to.KeyMarker !== undefined && JSON.stringify(from) !== JSON.stringify(to)) return;
  throw new NightshiftError(
    'AwsRefused',
    `bucket ${bucket}: ${action} says that there is more, and not where (${JSON.stringify(to)})`,
  );
}
