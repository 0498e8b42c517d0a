import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { awsErrorCode, awsErrorMessage } from '../../../aws/errors.js';
import { bucketInput } from './bucket-context.js';
import {
  emptyBucket,
  type EmptyBucketRequest,
  type EmptyBucketResult,
  type Removed,
} from './empty-bucket.js';
import { asRefusal, type Refused } from './failures.js';

export interface DeleteBucketRequest extends EmptyBucketRequest {
  /** Remove what is in it, too. Without this a bucket that isn't empty stays. */
  emptyFirst: boolean;
}

export type DeleteBucketResult = { removed: Removed } & (
  | { kind: 'deleted' }
  /** It wasn't there (any more): as good as deleted. */
  | { kind: 'gone' }
  /** Why it isn't empty: it was not to be emptied, or could not be. */
  | { kind: 'not-empty'; message: string; because?: EmptyBucketResult }
  | Refused
);

/** A writer may come between the emptying and the delete: so often is that tried. */
const rounds = 3;

/**
 * Deletes a bucket. It is tried before anything is removed: an empty bucket takes one call. Throws as `emptyBucket` does.
 */
export async function deleteBucket(request: DeleteBucketRequest): Promise<DeleteBucketResult> {
  let removed: Removed = { versions: 0, uploads: 0, ...request.removedBefore };
  for (let round = 1; ; round++) {
    const attempt = await tryDelete(request);
    if (attempt.kind !== 'not-empty') return { ...attempt, removed };
    if (!request.emptyFirst || round > rounds) return { ...attempt, removed };
    const emptied = await emptyBucket({ ...request, removedBefore: removed });
    removed = emptied.removed;
    switch (emptied.kind) {
      case 'empty':
        continue;
      case 'gone':
        return { kind: 'gone', removed };
      case 'refused':
        return { kind: 'refused', code: emptied.code, message: emptied.message, removed };
      case 'keys-failed':
      case 'still-written':
        return { ...attempt, because: emptied, removed };
    }
  }
}

type Attempt =
  { kind: 'deleted' } | { kind: 'gone' } | { kind: 'not-empty'; message: string } | Refused;

async function tryDelete(request: DeleteBucketRequest): Promise<Attempt> {
  try {
    await request.s3.send(new DeleteBucketCommand(bucketInput(request)), {
      abortSignal: request.signal,
    });
    return { kind: 'deleted' };
  } catch (error) {
    request.signal.throwIfAborted();
    const code = awsErrorCode(error);
    if (code === 'NoSuchBucket') return { kind: 'gone' };
    if (code === 'BucketNotEmpty') return { kind: 'not-empty', message: awsErrorMessage(error) };
    const refused = asRefusal(error);
    if (refused) return refused;
    throw error;
  }
}
