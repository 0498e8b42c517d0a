import { setTimeout as delay } from 'node:timers/promises';
import { isUnknown } from './failures.js';
import type { Ec2Region } from './region.js';

/** For how long EC2 is not believed that there is nothing by the id of something that was just made; milliseconds. */
export const unknownFor = 120_000;

/** Does what needs an image or snapshot to be known, as soon as it is. */
export async function onceKnown<T>(
  { every, signal }: Ec2Region,
  work: () => Promise<T>,
): Promise<T> {
  const since = Date.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnknown(error) || Date.now() - since > unknownFor) throw error;
    }
    await delay(every, undefined, { signal });
  }
}

/** A wait that has gone on for long is looked at less often: a look costs a tenth of its time at most. */
const ageShare = 0.1;
/** Never less often than this many times the shortest pause. */
const slowest = 4;

/**
 * Milliseconds until the next look at what takes minutes to hours.
 *
 * @param since milliseconds since the epoch
 */
export function pauseAfter(since: number, every: number): number {
  return Math.min(Math.max(every, (Date.now() - since) * ageShare), every * slowest);
}
