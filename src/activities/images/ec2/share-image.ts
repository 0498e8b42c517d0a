import { ModifyImageAttributeCommand, ModifySnapshotAttributeCommand } from '@aws-sdk/client-ec2';
import { snapshotsOf } from './image.js';
import { requireImage } from './look.js';
import { onceKnown } from './patience.js';
import type { Ec2Region } from './region.js';

/**
 * Lets accounts launch an image and copy it, for which they need its snapshots, too. Whom it is shared with already
 * stays as it is.
 *
 * @param accounts 12-digit ids
 */
export async function shareImage(
  region: Ec2Region,
  imageId: string,
  accounts: readonly string[],
): Promise<void> {
  if (accounts.length === 0) return;
  const { ec2, signal: abortSignal } = region;
  const Add = accounts.map((UserId) => ({ UserId }));
  const image = await requireImage(region, imageId);
  for (const SnapshotId of snapshotsOf(image)) {
    const command = { SnapshotId, CreateVolumePermission: { Add } };
    await onceKnown(region, () =>
      ec2.send(new ModifySnapshotAttributeCommand(command), { abortSignal }),
    );
  }
  // Last: who may launch an image may rely on all the rest.
  const command = { ImageId: imageId, LaunchPermission: { Add } };
  await onceKnown(region, () =>
    ec2.send(new ModifyImageAttributeCommand(command), { abortSignal }),
  );
}
