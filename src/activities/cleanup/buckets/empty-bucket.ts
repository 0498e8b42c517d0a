import { setTimeout as delay } from 'node:timers/promises';
import type { BucketAccess } from './bucket-context.js';
import { asRefusal, isNoSuchBucket, type KeyFailure, type Refused } from './failures.js';
import { KeyPace } from './key-pace.js';
import { defaultEmptyLimits, type EmptyLimits } from './limits.js';
import { type Sweep, sweep } from './sweep.js';

/** What has been removed so far: versions with delete markers, and incomplete multipart uploads. */
export interface Removed {
  versions: number;
  uploads: number;
}

export interface EmptyBucketRequest extends BucketAccess {
  /** Told of progress after every call that deletes. */
  heartbeat: (progress: EmptyBucketProgress) => void;
  limits?: Partial<EmptyLimits>;
  /** What an attempt that died had removed, to go on counting from. The bucket itself is simply looked at again. */
  removedBefore?: Removed;
}

export interface EmptyBucketProgress extends Removed {
  /** The look through the bucket that is under way, from 1. */
  sweep: number;
}

/** The bucket was empty in two looks, one after the other. */
interface Empty {
  kind: 'empty';
}

/** Some keys can't be deleted: under a legal hold, denied by a policy. */
interface KeysFailed {
  kind: 'keys-failed';
  /** How many are left. */
  failed: number;
  /** The first of them. */
  failures: KeyFailure[];
}

/** Someone goes on writing: each look found something new. */
interface StillWritten {
  kind: 'still-written';
  /** What the last look found. */
  found: number;
}

export type EmptyBucketResult = { removed: Removed; sweeps: number } & (
  Empty | { kind: 'gone' } | KeysFailed | StillWritten | Refused
);

/**
 * Removes all that keeps a bucket from being deleted: versions, delete markers and incomplete multipart uploads. Others
 * may write meanwhile, so it looks again until it has found nothing twice, `maxSweeps` times at most. It can be repeated
 * at any time. Throws what trying again later may mend (throttling, faults, the network) and when `signal` aborts.
 */
export async function emptyBucket(request: EmptyBucketRequest): Promise<EmptyBucketResult> {
  const limits = { ...defaultEmptyLimits, ...request.limits };
  const removed = { versions: 0, uploads: 0, ...request.removedBefore };
  const pace = new KeyPace(limits.keysPerSecond);
  let sweeps = 0;
  let emptyLooks = 0;
  let pause = limits.firstPause;
  try {
    for (;;) {
      sweeps++;
      const done = await sweep(request, pace, limits, (more) => {
        removed.versions += more.versions;
        removed.uploads += more.uploads;
        request.heartbeat({ ...removed, sweep: sweeps });
      });
      emptyLooks = done.found === 0 ? emptyLooks + 1 : 0;
      if (emptyLooks === 2) return { kind: 'empty', removed, sweeps };
      const end = givenUp(done, sweeps, limits);
      if (end) return { ...end, removed, sweeps };
      // The first look back is at once: mostly nobody writes.
      if (sweeps === 1 || done.found === 0) continue;
      await delay(pause, undefined, { signal: request.signal });
      pause = Math.min(limits.longestPause, pause * 2);
    }
  } catch (error) {
    request.signal.throwIfAborted();
    if (isNoSuchBucket(error)) return { kind: 'gone', removed, sweeps };
    const refused = asRefusal(error);
    if (refused) return { ...refused, removed, sweeps };
    throw error;
  }
}

/** Why there is no point in a further look, if there is none. */
function givenUp(
  done: Sweep,
  sweeps: number,
  limits: EmptyLimits,
): KeysFailed | StillWritten | undefined {
  if (done.found === 0) return undefined;
  const isStuck = done.failed === done.found;
  if (!isStuck && sweeps < limits.maxSweeps) return undefined;
  if (done.failed > 0) return { kind: 'keys-failed', failed: done.failed, failures: done.failures };
  return { kind: 'still-written', found: done.found };
}
