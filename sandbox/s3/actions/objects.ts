import type { Bucket, ObjectVersion } from '../bucket.js';
import { versionIdOf } from '../bucket.js';
import { openBucket, type S3Call, type S3Result } from '../call.js';
import { checkedBody, md5Hex } from '../checksum.js';
import {
  accessDenied,
  invalidArgument,
  invalidRequest,
  lockedMessage,
  noSuchKey,
  noSuchVersion,
  S3Error,
  slowDown,
} from '../errors.js';
import { prefixOf } from '../keys.js';

export function putObject(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const content = checkedBody(call.request, false);
  const locked = call.request.headers['x-amz-object-lock-legal-hold'] === 'ON';
  if (locked && !bucket.objectLock)
    throw invalidRequest('Bucket is missing Object Lock Configuration');
  const version = bucket.put(call.key, { content, etag: md5Hex(content), locked }, call.now);
  return {
    headers: { etag: `"${version.etag}"`, ...versionHeader(bucket, version) },
    effective: true,
  };
}

export function getObject(call: S3Call): S3Result {
  const { bucket, version } = requestedVersion(call);
  return { headers: objectHeaders(bucket, version), body: contentOf(version) };
}

export function headObject(call: S3Call): S3Result {
  const { bucket, version } = requestedVersion(call);
  const headers = { ...objectHeaders(bucket, version), 'content-length': String(version.size) };
  return { headers };
}

export function deleteObject(call: S3Call): S3Result {
  const bucket = openBucket(call);
  if (!bucket.quota.take(new Map([[prefixOf(call.key), 1]]), call.now)) throw slowDown();
  const deletion = bucket.delete(call.key, call.query.get('versionId') ?? undefined, call.now);
  switch (deletion.kind) {
    case 'locked':
      throw accessDenied(lockedMessage);
    case 'invalid-version':
      throw invalidArgument('Invalid version id specified', 'versionId');
    case 'absent':
      return { status: 204, effective: false };
    case 'removed':
      return { status: 204, headers: deletedHeaders(bucket, deletion.version), effective: true };
    case 'marked':
      return { status: 204, headers: deletedHeaders(bucket, deletion.marker), effective: true };
  }
}

const legalHold = /<Status>\s*(ON|OFF)\s*<\/Status>/;

export function putObjectLegalHold(call: S3Call): S3Result {
  const { bucket, version } = requestedVersion(call);
  if (!bucket.objectLock) throw invalidRequest('Bucket is missing Object Lock Configuration');
  const status = legalHold.exec(checkedBody(call.request, true).toString())?.[1];
  if (status === undefined)
    throw new S3Error('MalformedXML', 'The XML you provided was not well-formed', 400);
  bucket.versions.remove(version);
  bucket.versions.insert({ ...version, locked: status === 'ON' });
  return { effective: version.locked !== (status === 'ON') };
}

function requestedVersion(call: S3Call): { bucket: Bucket; version: ObjectVersion } {
  const bucket = openBucket(call);
  const versionId = call.query.get('versionId');
  const version =
    versionId === null ? bucket.latest(call.key) : bucket.version(call.key, versionId);
  if (!version) throw versionId === null ? noSuchKey(call.key) : noSuchVersion();
  if (version.kind === 'object') return { bucket, version };
  const headers = { 'x-amz-delete-marker': 'true', ...versionHeader(bucket, version) };
  if (versionId === null)
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', 404, { headers });
  throw new S3Error(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    405,
    { headers },
  );
}

function contentOf(version: ObjectVersion): Buffer {
  return version.content ?? Buffer.alloc(version.size);
}

function objectHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return {
    'content-type': 'binary/octet-stream',
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.lastModified).toUTCString(),
    ...versionHeader(bucket, version),
  };
}

function deletedHeaders(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  const headers = versionHeader(bucket, version);
  return version.kind === 'deleteMarker' ? { 'x-amz-delete-marker': 'true', ...headers } : headers;
}

function versionHeader(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return bucket.versioning === undefined ? {} : { 'x-amz-version-id': versionIdOf(version) };
}
