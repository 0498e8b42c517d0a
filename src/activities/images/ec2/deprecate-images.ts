import { EnableImageDeprecationCommand, type Image } from '@aws-sdk/client-ec2';
import type { ImagesByRegion } from '../../../domain/images/manifest.js';
import { isUnavailable, isUnknown } from './failures.js';
import { type RegionOf, throwFailures, withEachImage } from './each-region.js';
import { idOf } from './image.js';
import type { Ec2Region } from './region.js';

const minute = 60_000;
/** EC2 takes no time that has passed, and rounds to the minute. */
const lead = 2 * minute;

/**
 * Deprecates images at a time, those excepted that are gone or deprecated earlier. A time that has passed is now.
 *
 * @param at ISO 8601
 * @throws NightshiftError naming the regions that failed, once all others are done.
 */
export async function deprecateImages(
  images: readonly ImagesByRegion[],
  at: string,
  regionOf: RegionOf,
  signal: AbortSignal,
): Promise<void> {
  const time = Math.max(Date.parse(at), Date.now() + lead);
  throwFailures(
    await withEachImage(images, regionOf, signal, async (image, region) => {
      if (!isDeprecatedBy(image, time)) await deprecate(image, time, region);
    }),
  );
}

function isDeprecatedBy({ DeprecationTime }: Image, time: number): boolean {
  // Of the minute that EC2 has rounded to, the half before may be later than was asked for.
  return DeprecationTime !== undefined && Date.parse(DeprecationTime) <= time + minute / 2;
}

async function deprecate(image: Image, time: number, { ec2, signal }: Ec2Region): Promise<void> {
  const { State } = image;
  // Nobody can launch what isn't available.
  if (State !== 'available' && State !== 'disabled') return;
  const command = { ImageId: idOf(image), DeprecateAt: new Date(time) };
  try {
    await ec2.send(new EnableImageDeprecationCommand(command), { abortSignal: signal });
  } catch (error) {
    if (!isUnknown(error) && !isUnavailable(error)) throw error;
  }
}
