import type { RDSClient } from '@aws-sdk/client-rds';
import pLimit from 'p-limit';
import type { Removal } from './removal.js';
import { type DeleteSnapshotResult, deleteSnapshot } from './snapshots/index.js';

export interface SnapshotName {
  /** ARN. */
  id: string;
  /** DBSnapshotIdentifier. */
  name: string;
}

const atOnce = 4;

/** Deletes snapshots. Safe to repeat: one that is gone is as good as deleted. */
export function removeSnapshots(
  rds: RDSClient,
  snapshots: readonly SnapshotName[],
  signal: AbortSignal,
): Promise<(Removal & { id: string })[]> {
  return pLimit(atOnce).map([...snapshots], async ({ id, name }) => ({
    id,
    ...removalOf(await deleteSnapshot({ rds, id: name, signal })),
  }));
}

function removalOf(result: DeleteSnapshotResult): Removal {
  switch (result.kind) {
    case 'deleted':
    case 'gone':
      return { outcome: 'deleted' };
    case 'not-available':
      return {
        outcome: 'retry',
        message: `its status is ${result.status}; only an available snapshot can be deleted`,
      };
    case 'automated':
      return {
        outcome: 'skipped',
        message: `a snapshot of type ${result.type}: AWS removes it itself`,
      };
    case 'shared':
      return { outcome: 'skipped', message: 'it belongs to another account' };
    case 'refused':
      return { outcome: 'failed', message: `${result.code}: ${result.message}` };
  }
}
