import type { AwsRequest } from '../core/service.js';
import {
  createBucket,
  deleteBucket,
  deleteBucketTagging,
  getBucketLocation,
  getBucketTagging,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketTagging,
  putBucketVersioning,
} from './actions/buckets.js';
import { listObjectsV2 } from './actions/list-objects.js';
import { listObjectVersions } from './actions/list-versions.js';
import {
  deleteObject,
  getObject,
  headObject,
  putObject,
  putObjectLegalHold,
} from './actions/objects.js';
import { unconfigured } from './actions/unconfigured.js';
import {
  abortMultipartUpload,
  createMultipartUpload,
  listMultipartUploads,
  uploadPart,
} from './actions/uploads.js';
import type { S3Action } from './call.js';

/** What a request asks for. The key is empty for a bucket, the bucket for the service itself. */
export interface Route {
  action: string;
  bucket: string;
  key: string;
}

interface Entry {
  method: string;
  on: 'service' | 'bucket' | 'object';
  /** The query parameter that tells this action from others of its method; none for the plain one. */
  marker?: string;
  action: string;
}

/** In order: an action with a marker comes before the plain one of its method. */
const table: readonly Entry[] = [
  { method: 'GET', on: 'service', action: 'ListBuckets' },
  { method: 'GET', on: 'bucket', marker: 'location', action: 'GetBucketLocation' },
  { method: 'GET', on: 'bucket', marker: 'tagging', action: 'GetBucketTagging' },
  { method: 'GET', on: 'bucket', marker: 'versioning', action: 'GetBucketVersioning' },
  { method: 'GET', on: 'bucket', marker: 'versions', action: 'ListObjectVersions' },
  { method: 'GET', on: 'bucket', marker: 'uploads', action: 'ListMultipartUploads' },
  { method: 'GET', on: 'bucket', marker: 'list-type', action: 'ListObjectsV2' },
  ...[...unconfigured].map(([marker, { action }]): Entry => ({
    method: 'GET',
    on: 'bucket',
    marker,
    action,
  })),
  { method: 'PUT', on: 'bucket', marker: 'tagging', action: 'PutBucketTagging' },
  { method: 'PUT', on: 'bucket', marker: 'versioning', action: 'PutBucketVersioning' },
  { method: 'PUT', on: 'bucket', action: 'CreateBucket' },
  { method: 'HEAD', on: 'bucket', action: 'HeadBucket' },
  { method: 'POST', on: 'bucket', marker: 'delete', action: 'DeleteObjects' },
  { method: 'DELETE', on: 'bucket', marker: 'tagging', action: 'DeleteBucketTagging' },
  { method: 'DELETE', on: 'bucket', action: 'DeleteBucket' },
  { method: 'PUT', on: 'object', marker: 'uploadId', action: 'UploadPart' },
  { method: 'PUT', on: 'object', marker: 'legal-hold', action: 'PutObjectLegalHold' },
  { method: 'PUT', on: 'object', action: 'PutObject' },
  { method: 'GET', on: 'object', action: 'GetObject' },
  { method: 'HEAD', on: 'object', action: 'HeadObject' },
  { method: 'POST', on: 'object', marker: 'uploads', action: 'CreateMultipartUpload' },
  { method: 'DELETE', on: 'object', marker: 'uploadId', action: 'AbortMultipartUpload' },
  { method: 'DELETE', on: 'object', action: 'DeleteObject' },
];

/** DeleteObjects isn't here: it needs the service's chance of a failing key. */
export const actions: ReadonlyMap<string, S3Action> = new Map([
  ['ListBuckets', listBuckets],
  ['CreateBucket', createBucket],
  ['HeadBucket', headBucket],
  ['DeleteBucket', deleteBucket],
  ['GetBucketLocation', getBucketLocation],
  ['GetBucketTagging', getBucketTagging],
  ['PutBucketTagging', putBucketTagging],
  ['DeleteBucketTagging', deleteBucketTagging],
  ['GetBucketVersioning', getBucketVersioning],
  ['PutBucketVersioning', putBucketVersioning],
  ['PutObject', putObject],
  ['GetObject', getObject],
  ['HeadObject', headObject],
  ['DeleteObject', deleteObject],
  ['PutObjectLegalHold', putObjectLegalHold],
  ['ListObjectsV2', listObjectsV2],
  ['ListObjectVersions', listObjectVersions],
  ['CreateMultipartUpload', createMultipartUpload],
  ['UploadPart', uploadPart],
  ['AbortMultipartUpload', abortMultipartUpload],
  ['ListMultipartUploads', listMultipartUploads],
  ...[...unconfigured.values()].map(({ action, run }): [string, S3Action] => [action, run]),
]);

/** Path style only: `/bucket/key`. An action of `Unknown` is one that the sandbox doesn't have. */
export function routeOf(request: AwsRequest): Route {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?([^]*)$/.exec(request.path) ?? [];
  const on = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const entry = table.find(
    (candidate) =>
      candidate.on === on &&
      candidate.method === request.method &&
      (candidate.marker === undefined
        ? isPlain(request.query)
        : request.query.has(candidate.marker)),
  );
  return { action: entry?.action ?? 'Unknown', bucket, key };
}

const subresources = ['acl', 'cors', 'encryption', 'retention', 'object-lock', 'tagging', 'policy'];

/** A request for a subresource that the sandbox doesn't have must not pass for the plain action. */
function isPlain(query: URLSearchParams): boolean {
  return !subresources.some((name) => query.has(name));
}
