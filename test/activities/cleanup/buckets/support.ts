import type { S3Client } from '@aws-sdk/client-s3';
import type {
  EmptyBucketProgress,
  EmptyBucketRequest,
} from '../../../../src/activities/cleanup/buckets/index.js';
import type { BucketSeed } from '../../../../sandbox/s3/seed.js';
import { account, region, type TestSandbox } from '../../../../sandbox/s3/testing.js';

/** What every call of the activities takes, with short pauses. */
export function requestFor(
  s3: S3Client,
  bucket: string,
  more: Partial<EmptyBucketRequest> = {},
): EmptyBucketRequest {
  return {
    s3,
    bucket,
    owner: account,
    signal: new AbortController().signal,
    heartbeat: () => undefined,
    ...more,
    limits: { firstPause: 20, longestPause: 200, keysPerSecond: 100_000, ...more.limits },
  };
}

/** A bucket of the tests' own account and region. */
export function seedBucket(sandbox: TestSandbox, seed: Omit<BucketSeed, 'account' | 'region'>) {
  return sandbox.services.s3.seed({ account, region, ...seed });
}

/** A heartbeat that puts an object into the bucket once in each look, where that look has read already. */
export function writing(sandbox: TestSandbox, bucket: string, looks = Infinity) {
  let written = 0;
  return ({ sweep }: EmptyBucketProgress) => {
    if (sweep <= written || sweep > looks) return;
    written = sweep;
    const { s3 } = sandbox.services;
    s3.put(bucket, `!written/${sweep}`, Buffer.from('late'), sandbox.clock.now());
  };
}
