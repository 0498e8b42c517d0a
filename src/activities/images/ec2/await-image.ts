import { setTimeout as delay } from 'node:timers/promises';
import type { Image } from '@aws-sdk/client-ec2';
import { imageFailed } from './failures.js';
import { reasonOf } from './image.js';
import { lookAt, notThere } from './look.js';
import { pauseAfter, unknownFor } from './patience.js';
import type { Ec2Region } from './region.js';

export interface AwaitImageRequest {
  imageId: string;
  /** How long it may take, for people. */
  timeout: string;
  /** When that is over; milliseconds since the epoch. */
  deadline: number;
}

/**
 * Waits until an image can be used.
 *
 * @throws NightshiftError ImageFailed when it never will be, is not there, or the deadline has passed.
 */
export async function awaitImage(
  region: Ec2Region,
  { imageId, timeout, deadline }: AwaitImageRequest,
): Promise<void> {
  const since = Date.now();
  for (;;) {
    const sight = await lookAt(region, imageId);
    if (sight.kind === 'shown' && isAvailable(sight.image, region)) return;
    if (sight.kind !== 'shown' && Date.now() - since > unknownFor) throw notThere(region, imageId);
    if (Date.now() > deadline)
      throw sight.kind === 'shown'
        ? imageFailed(`image ${imageId} in ${region.region} was not available after ${timeout}`)
        : notThere(region, imageId);
    await delay(pauseAfter(since, region.every), undefined, { signal: region.signal });
  }
}

function isAvailable(image: Image, { region }: Ec2Region): boolean {
  if (image.State === 'available') return true;
  if (image.State === 'pending' || image.State === 'transient') return false;
  throw imageFailed(`image ${image.ImageId ?? ''} in ${region} can’t be used: ${reasonOf(image)}`);
}
