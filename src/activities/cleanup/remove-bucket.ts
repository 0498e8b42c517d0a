import type { S3Client } from '@aws-sdk/client-s3';
import { NightshiftError } from '../../domain/errors.js';
import {
  type EmptyBucketResult,
  type Refused,
  deleteBucket,
  emptyBucket,
} from './buckets/index.js';
import type { Removal } from './removal.js';

export interface BucketInAccount {
  s3: S3Client;
  bucket: string;
  /** Account that must own it: names are global. */
  owner: string;
  signal: AbortSignal;
}

// The activity heartbeats by the clock: a bucket is simply looked at again after a crash.
const heartbeat = () => undefined;

/** Empties a bucket that keeps a stack from going. Throws when something in it can't be removed. */
export async function removeContents(
  access: BucketInAccount,
): Promise<{ versions: number; uploads: number }> {
  const result = await emptyBucket({ ...access, heartbeat });
  const left = whyNotEmpty(result);
  if (left === undefined) return result.removed;
  throw new NightshiftError('AwsRefused', `bucket ${access.bucket} can’t be emptied: ${left}`);
}

export async function removeBucket(access: BucketInAccount, emptyFirst: boolean): Promise<Removal> {
  const result = await deleteBucket({ ...access, emptyFirst, heartbeat });
  switch (result.kind) {
    case 'deleted':
    case 'gone':
      return { outcome: 'deleted' };
    case 'not-empty': {
      const left = result.because && whyNotEmpty(result.because);
      return { outcome: emptyFirst ? 'retry' : 'failed', message: left ?? result.message };
    }
    case 'refused':
      return { outcome: 'failed', message: refusalText(result) };
  }
}

function whyNotEmpty(result: EmptyBucketResult): string | undefined {
  switch (result.kind) {
    case 'empty':
    case 'gone':
      return undefined;
    case 'keys-failed': {
      const [first] = result.failures;
      return `${result.failed} keys stay; ${first ? `${first.key}: ${first.code}: ${first.message}` : ''}`;
    }
    case 'still-written':
      return 'others go on writing to it';
    case 'refused':
      return refusalText(result);
  }
}

function refusalText({ code, message }: Refused): string {
  return `${code}: ${message}`;
}
