import { element, timestamp, wrap } from '../../core/xml.js';
import type { Bucket, Upload } from '../bucket.js';
import { openBucket, type S3Call, type S3Result } from '../call.js';
import { checkedBody, md5Hex } from '../checksum.js';
import { invalidArgument, noSuchUpload } from '../errors.js';
import { opaqueId, type Position, sequenceOf } from '../keys.js';
import { document } from '../response-xml.js';
import { keyWriter, pageLimit } from './list-objects.js';

export function createMultipartUpload(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const seq = bucket.takeSequence();
  bucket.uploads.insert({ key: call.key, seq, initiated: call.now, parts: 0 });
  return {
    body: document(
      'InitiateMultipartUploadResult',
      element('Bucket', bucket.name),
      element('Key', call.key),
      element('UploadId', opaqueId(seq)),
    ),
    effective: true,
  };
}

/** Takes a part. The sandbox keeps how many there are, not what is in them. */
export function uploadPart(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const number = Number(call.query.get('partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
    );
  const upload = requestedUpload(bucket, call);
  upload.parts++;
  return { headers: { etag: `"${md5Hex(checkedBody(call.request, false))}"` }, effective: true };
}

export function abortMultipartUpload(call: S3Call): S3Result {
  const bucket = openBucket(call);
  bucket.uploads.remove(requestedUpload(bucket, call));
  return { status: 204, effective: true };
}

/** Uploads by key, and in the order of their initiation within a key. */
export function listMultipartUploads(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const { query } = call;
  const write = keyWriter(query);
  const limit = pageLimit(query, 'max-uploads');
  const prefix = query.get('prefix') ?? '';
  const rows: Upload[] = [];
  let isTruncated = false;
  for (const upload of bucket.uploads.after(startOf(query, prefix))) {
    if (!upload.key.startsWith(prefix)) break;
    if (rows.length >= limit) {
      isTruncated = limit > 0;
      break;
    }
    rows.push(upload);
  }
  const last = isTruncated ? rows.at(-1) : undefined;
  return {
    body: document(
      'ListMultipartUploadsResult',
      element('Bucket', bucket.name),
      element('KeyMarker', write(query.get('key-marker') ?? '')),
      element('UploadIdMarker', query.get('upload-id-marker') ?? ''),
      element('NextKeyMarker', last && write(last.key)),
      element('NextUploadIdMarker', last && opaqueId(last.seq)),
      element('MaxUploads', limit),
      element('EncodingType', query.get('encoding-type') ?? undefined),
      element('IsTruncated', isTruncated),
      ...rows.map((upload) => uploadXml(upload, write)),
    ),
  };
}

/** Without an upload id the listing goes on after all uploads of the marker's key. */
function startOf(query: URLSearchParams, prefix: string): Position {
  const key = query.get('key-marker') ?? '';
  if (key === '') return { key: prefix, seq: -Infinity };
  const uploadId = query.get('upload-id-marker') ?? '';
  if (uploadId === '') return { key, seq: Infinity };
  const seq = sequenceOf(uploadId);
  if (seq === undefined) throw invalidArgument('Invalid uploadId marker', 'upload-id-marker');
  return { key, seq };
}

function requestedUpload(bucket: Bucket, call: S3Call): Upload {
  const seq = sequenceOf(call.query.get('uploadId') ?? '');
  const upload = seq === undefined ? undefined : bucket.uploads.find({ key: call.key, seq });
  if (!upload) throw noSuchUpload();
  return upload;
}

function uploadXml(upload: Upload, write: (key: string) => string): string {
  return wrap(
    'Upload',
    element('Key', write(upload.key)),
    element('UploadId', opaqueId(upload.seq)),
    timestamp('Initiated', upload.initiated),
    element('StorageClass', 'STANDARD'),
  );
}
