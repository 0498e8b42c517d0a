import { setTimeout as delay } from 'node:timers/promises';
import { DeleteSnapshotCommand, DeregisterImageCommand, type Image } from '@aws-sdk/client-ec2';
import { isInUse, isUnavailable, isUnknown } from './failures.js';
import { idOf, snapshotsOf } from './image.js';
import { exactly, lookAt, ownImages } from './look.js';
import { unknownFor } from './patience.js';
import type { Ec2Region } from './region.js';

/** Deregisters an image, which stops it if it is a copy under way, and deletes those of its snapshots that no other uses. */
export async function removeImage(region: Ec2Region, image: Image): Promise<void> {
  const done = await deregister(region, idOf(image));
  for (const snapshot of snapshotsOf(image))
    if (!done.includes(snapshot)) await deleteSnapshot(region, snapshot, new Set([idOf(image)]));
}

/** Ids of the snapshots that went with it, or have to stay. */
async function deregister(region: Ec2Region, imageId: string): Promise<string[]> {
  const { ec2, signal, every } = region;
  // In one call, so that a worker that dies in between leaves no snapshots that nothing leads to any more.
  const command = new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: true });
  const since = Date.now();
  for (;;) {
    try {
      const { DeleteSnapshotResults: results = [] } = await ec2.send(command, {
        abortSignal: signal,
      });
      const settled = results.filter(({ ReturnCode = '' }) =>
        ['success', 'skipped'].includes(ReturnCode),
      );
      return settled.flatMap(({ SnapshotId }) => SnapshotId ?? []);
    } catch (error) {
      if (isUnavailable(error)) return [];
      if (!isUnknown(error) || Date.now() - since > unknownFor) throw error;
    }
    // It was shown a moment ago: gone, or not yet known everywhere.
    const sight = await lookAt(region, imageId);
    if (sight.kind !== 'shown') return [];
    await delay(every, undefined, { signal });
  }
}

/**
 * Deletes a snapshot, unless an image uses it. One that is gone is no error.
 *
 * @param formerUsers images that used it and are deregistered, which EC2 may not know everywhere yet
 */
export async function deleteSnapshot(
  region: Ec2Region,
  SnapshotId: string,
  formerUsers: ReadonlySet<string>,
): Promise<void> {
  const { ec2, signal, every } = region;
  const since = Date.now();
  for (;;) {
    try {
      await ec2.send(new DeleteSnapshotCommand({ SnapshotId }), { abortSignal: signal });
      return;
    } catch (error) {
      if (isUnknown(error)) return;
      if (!isInUse(error) || Date.now() - since > unknownFor) throw error;
    }
    if (await isUsed(region, SnapshotId, formerUsers)) return;
    await delay(every, undefined, { signal });
  }
}

async function isUsed(
  region: Ec2Region,
  snapshotId: string,
  formerUsers: ReadonlySet<string>,
): Promise<boolean> {
  const filter = exactly('block-device-mapping.snapshot-id', [snapshotId]);
  for await (const user of ownImages(region, [filter], { disabled: true }))
    if (!formerUsers.has(idOf(user))) return true;
  return false;
}
