import type { Image } from '@aws-sdk/client-ec2';
import pLimit from 'p-limit';
import { fromAwsError } from '../../../aws/errors.js';
import { NightshiftError } from '../../../domain/errors.js';
import type { ImagesByRegion } from '../../../domain/images/manifest.js';
import { idOf } from './image.js';
import { ownImagesById } from './look.js';
import type { Ec2Region } from './region.js';

const regionsAtOnce = 8;

/** What went wrong in a region, with one image or with all. */
export interface RegionFailure {
  region: string;
  /** The images that nothing was done with. */
  ids: string[];
  error: NightshiftError;
}

export type RegionOf = (region: string) => Promise<Ec2Region>;

/**
 * Does something with each image that there is, in all regions at once: what fails in one, or with one image, keeps no
 * other from its turn.
 *
 * @returns what failed
 */
export async function withEachImage(
  images: readonly ImagesByRegion[],
  regionOf: RegionOf,
  signal: AbortSignal,
  work: (image: Image, region: Ec2Region) => Promise<void>,
): Promise<RegionFailure[]> {
  const failures: RegionFailure[] = [];
  await pLimit(regionsAtOnce).map(idsByRegion(images), async ([region, ids]) => {
    const fail = (error: unknown, failed: string[]) => {
      signal.throwIfAborted();
      failures.push({ region, ids: failed, error: fromAwsError(error, region) });
    };
    try {
      const there = await regionOf(region);
      for await (const image of ownImagesById(there, ids))
        await work(image, there).catch((error: unknown) => fail(error, [idOf(image)]));
    } catch (error) {
      fail(error, ids);
    }
  });
  return failures;
}

function idsByRegion(images: readonly ImagesByRegion[]): [string, string[]][] {
  const byRegion = new Map<string, Set<string>>();
  for (const [region, id] of images.flatMap((each) => Object.entries(each)))
    byRegion.set(region, (byRegion.get(region) ?? new Set()).add(id));
  return [...byRegion].map(([region, ids]) => [region, [...ids]]);
}

/** @throws NightshiftError telling all failures, if there are any: retryable if trying again may mend one of them. */
export function throwFailures(failures: readonly RegionFailure[]): void {
  const [first] = failures;
  if (!first) return;
  const retryable = failures.some(({ error }) => error.retryable);
  const telling = failures.find(({ error }) => error.retryable === retryable) ?? first;
  const { code, hint, cause } = telling.error;
  throw new NightshiftError(code, failures.map(({ error }) => error.message).join('; '), {
    ...(hint === undefined ? {} : { hint }),
    retryable,
    cause,
  });
}
