import type { AwsRequest } from '../core/service.js';
import type { Bucket } from './bucket.js';
import { accessDenied } from './errors.js';
import type { BucketStoreS3 } from './store.js';

/** One S3 call, with what its path says taken apart. */
export interface S3Call {
  request: AwsRequest;
  accountId: string;
  region: string;
  /** Empty for calls on the service itself. */
  bucket: string;
  /** Empty for calls on a bucket. */
  key: string;
  query: URLSearchParams;
  /** Sandbox time, ms since the epoch. */
  now: number;
  store: BucketStoreS3;
}

export interface S3Result {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Whether the call changed something. */
  effective?: boolean;
}

export type S3Action = (call: S3Call) => S3Result;

/** The bucket of a call; throws as S3 refuses, also when it isn't the expected owner's. */
export function openBucket(call: S3Call): Bucket {
  const bucket = call.store.open(call.accountId, call.region, call.bucket);
  const expected = call.request.headers['x-amz-expected-bucket-owner'];
  if (expected !== undefined && expected !== bucket.accountId) throw accessDenied();
  return bucket;
}

/** A whole number of the query, at least 0 and at most `max`, which it also is when absent. */
export function countParameter(
  query: URLSearchParams,
  name: string,
  max: number,
): number | undefined {
  const text = query.get(name);
  if (text === null) return max;
  return /^\d{1,10}$/.test(text) ? Math.min(max, Number(text)) : undefined;
}
