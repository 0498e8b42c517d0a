import { AwsError } from '../../core/aws-error.js';
import type { Ec2Call } from '../call.js';
import { requireId } from '../ids.js';
import { Snapshot, type SnapshotOptions } from './snapshot.js';

/** The EBS snapshots of every account and region, deleted ones included. */
export class Snapshots {
  private readonly byId = new Map<string, Snapshot>();

  add(options: SnapshotOptions): Snapshot {
    const snapshot = new Snapshot(options);
    this.byId.set(snapshot.id, snapshot);
    return snapshot;
  }

  all(): Iterable<Snapshot> {
    return this.byId.values();
  }

  find(id: string): Snapshot | undefined {
    return this.byId.get(id);
  }

  /** An own snapshot that is there, and has been for long enough to be known. */
  require({ accountId, region, seenAt }: Ec2Call, id: string): Snapshot {
    requireId(id, 'snap');
    const snapshot = this.byId.get(id);
    const isOwn = snapshot?.options.ownerId === accountId && snapshot.options.region === region;
    if (isOwn && !snapshot.isDeleted && snapshot.states.at(seenAt) !== undefined) return snapshot;
    throw snapshotNotFound(id);
  }
}

export function snapshotNotFound(id: string): AwsError {
  return new AwsError('InvalidSnapshot.NotFound', `The snapshot '${id}' does not exist.`);
}
