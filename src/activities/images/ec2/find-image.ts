import type { Image } from '@aws-sdk/client-ec2';
import type { ImageSpec } from '../../../domain/images/spec.js';
import { imageTags } from '../../../domain/images/tags.js';
import { byAge, idOf, isDead, stateTagIs, tagOf } from './image.js';
import { exactly, ownImages } from './look.js';
import type { Ec2Region } from './region.js';

export interface FoundImage {
  imageId: string;
  /** As EC2 has it: `pending`, `available`. */
  state: string;
  /** Whether all was done with it that its line asks for. */
  ready: boolean;
}

/** The image that a build has made already, whatever became of its answer: the oldest, as everyone must find the same. */
export async function findImage(
  region: Ec2Region,
  { key, exclude = [] }: Pick<ImageSpec, 'key' | 'exclude'>,
): Promise<FoundImage | null> {
  const found: Image[] = [];
  for await (const image of ownImages(region, [exactly(`tag:${imageTags.key}`, [key])])) {
    const counts =
      tagOf(image, imageTags.key) === key &&
      !isDead(image) &&
      !stateTagIs(image, 'rejected') &&
      !exclude.includes(idOf(image));
    if (counts) found.push(image);
  }
  const [oldest] = found.sort(byAge);
  return oldest
    ? {
        imageId: idOf(oldest),
        state: oldest.State ?? 'pending',
        ready: stateTagIs(oldest, 'ready'),
      }
    : null;
}
