import { AwsError } from '../core/aws-error.js';
import type { Snapshot } from './snapshot.js';

/** All DB snapshots of the sandbox; names are unique within an account and region. */
export class SnapshotStore {
  private readonly snapshots = new Map<string, Snapshot>();

  add(snapshot: Snapshot): void {
    if (this.snapshots.has(snapshot.arn))
      throw new AwsError(
        'DBSnapshotAlreadyExists',
        `Cannot create the snapshot because a snapshot with the identifier ${snapshot.id} already exists.`,
      );
    this.snapshots.set(snapshot.arn, snapshot);
  }

  remove(snapshot: Snapshot): void {
    this.snapshots.delete(snapshot.arn);
  }

  owned(accountId: string, region: string): Snapshot[] {
    return this.sorted((s) => s.accountId === accountId && s.region === region);
  }

  /** What other accounts let this one see, by name or (public) everyone. */
  shared(accountId: string, region: string, kind: 'shared' | 'public'): Snapshot[] {
    const grantee = kind === 'public' ? 'all' : accountId;
    return this.sorted(
      (s) => s.accountId !== accountId && s.region === region && s.sharedWith.includes(grantee),
    );
  }

  /** An own snapshot by its id. */
  find(accountId: string, region: string, id: string): Snapshot | undefined {
    return this.snapshots.get(`arn:aws:rds:${region}:${accountId}:snapshot:${id.toLowerCase()}`);
  }

  findArn(arn: string): Snapshot | undefined {
    return this.snapshots.get(arn);
  }

  private sorted(matches: (snapshot: Snapshot) => boolean): Snapshot[] {
    return [...this.snapshots.values()].filter(matches).sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }
}

export function snapshotNotFound(id: string): AwsError {
  return new AwsError('DBSnapshotNotFound', `DBSnapshot ${id} not found.`, 404);
}
