import type { ImagesByRegion } from '../../../domain/images/manifest.js';
import { imageTags } from '../../../domain/images/tags.js';
import { type RegionOf, throwFailures, withEachImage } from './each-region.js';
import { tagOf } from './image.js';
import { removeImage } from './remove-image.js';

/**
 * Deregisters images and deletes their snapshots. Those that are gone are no error; what has no key of Nightshift among
 * its tags is not touched. An image of the region that is built in goes once all of its copies are gone: from it they
 * are found again.
 *
 * @param home the region that is built in
 * @throws NightshiftError naming the regions that failed, once all others are done.
 */
export async function removeImages(
  images: readonly ImagesByRegion[],
  home: string,
  regionOf: RegionOf,
  signal: AbortSignal,
): Promise<void> {
  const remove = (some: readonly ImagesByRegion[]) =>
    withEachImage(some, regionOf, signal, async (image, region) => {
      if (tagOf(image, imageTags.key) !== undefined) await removeImage(region, image);
    });
  const failures = await remove(images.map(({ [home]: _, ...copies }) => copies));
  const stays = (image: ImagesByRegion) =>
    failures.some(({ region, ids }) => ids.includes(image[region] ?? ''));
  const free = images.filter((image) => !stays(image));
  failures.push(...(await remove(free.map(({ [home]: id }) => (id ? { [home]: id } : {})))));
  throwFailures(failures);
}
