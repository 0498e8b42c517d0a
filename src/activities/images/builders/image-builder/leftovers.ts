import { setTimeout as delay } from 'node:timers/promises';
import { fromAwsError } from '../../../../aws/errors.js';
import { imageTags } from '../../../../domain/images/tags.js';
import { idOf, tagOf } from '../../ec2/image.js';
import { exactly, ownImages } from '../../ec2/look.js';
import type { Ec2Region } from '../../ec2/region.js';
import { removeImage } from '../../ec2/remove-image.js';

/** The tag that Image Builder gives the images that it makes: which execution made them. */
const builderTag = 'Ec2ImageBuilderArn';
/** Looks for what an execution has left: EC2 shows a new image a while after it is there. */
const looks = 3;

export interface LeftoversOptions {
  ec2: (region: string) => Promise<Ec2Region>;
  arn: string;
  /** Of the image that was wanted: one that has another is never touched. */
  key?: string;
}

/**
 * Removes the images that an execution which came to nothing has left behind, with their snapshots. What can't be removed
 * for good is said; what may be removed later is thrown, for the work to be repeated.
 */
export async function removeLeftovers(
  options: LeftoversOptions,
  regions: readonly string[],
): Promise<string | undefined> {
  const troubles: string[] = [];
  for (const name of regions) {
    const region = await options.ec2(name);
    try {
      await removeFrom(region, options);
    } catch (error) {
      region.signal.throwIfAborted();
      const trouble = fromAwsError(error, `what it has left in ${name} can’t be removed`);
      if (trouble.retryable) throw trouble;
      troubles.push(trouble.message);
    }
  }
  return troubles.length === 0 ? undefined : troubles.join('; ');
}

async function removeFrom(region: Ec2Region, { arn, key }: LeftoversOptions): Promise<void> {
  const removed = new Set<string>();
  for (let look = 1; ; look += 1) {
    for await (const image of ownImages(region, [exactly(`tag:${builderTag}`, [arn])])) {
      const theirs = tagOf(image, imageTags.key);
      const isOthers = key !== undefined && theirs !== undefined && theirs !== key;
      if (isOthers || removed.has(idOf(image))) continue;
      await removeImage(region, image);
      removed.add(idOf(image));
    }
    if (look === looks) return;
    await delay(region.every, undefined, { signal: region.signal });
  }
}
