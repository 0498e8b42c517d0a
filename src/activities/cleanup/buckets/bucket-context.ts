import type { S3Client } from '@aws-sdk/client-s3';

/** A bucket, and how to reach it. */
export interface BucketAccess {
  /** A client of the bucket's own region. */
  s3: S3Client;
  bucket: string;
  /**
   * 12-digit account that must own the bucket: names are global, and a bucket of this name may be another's by now. S3
   * answers AccessDenied then.
   */
  owner?: string;
  signal: AbortSignal;
}

/** What every call on the bucket says. */
export function bucketInput({ bucket, owner }: BucketAccess): {
  Bucket: string;
  ExpectedBucketOwner?: string;
} {
  return { Bucket: bucket, ...(owner === undefined ? {} : { ExpectedBucketOwner: owner }) };
}
