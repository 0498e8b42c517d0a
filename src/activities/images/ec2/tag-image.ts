import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { snapshotsOf, tagList } from './image.js';
import { requireImage } from './look.js';
import { onceKnown } from './patience.js';
import type { Ec2Region } from './region.js';

/** Puts tags on an image and its snapshots, over those of the same keys: on all of them or, if it fails, on none. */
export async function tagImage(
  region: Ec2Region,
  imageId: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  if (Object.keys(tags).length === 0) return;
  const image = await requireImage(region, imageId);
  const command = { Resources: [imageId, ...snapshotsOf(image)], Tags: tagList(tags) };
  await onceKnown(region, () =>
    region.ec2.send(new CreateTagsCommand(command), { abortSignal: region.signal }),
  );
}
