import type { RDSClient } from '@aws-sdk/client-rds';
import type { InspectedSnapshot } from '../../domain/cleanup/inspection.js';
import type { Policy } from '../../domain/policy/index.js';
import type { Target } from '../../domain/target.js';
import { type SnapshotResource, listSnapshots } from './snapshots/index.js';
import { selectByPolicies } from './select-by-policies.js';

export interface InspectSnapshotsOptions {
  client: RDSClient;
  target: Target;
  policies: readonly Policy[];
  now: Date;
  signal: AbortSignal;
}

/** Selects the RDS snapshots of a target. */
export async function inspectSnapshots({
  client,
  target,
  policies,
  now,
  signal,
}: InspectSnapshotsOptions) {
  const snapshots: SnapshotResource[] = [];
  for await (const page of listSnapshots({ rds: client, signal })) snapshots.push(...page);
  const context = { now, accountId: target.account.id, region: target.region };
  const selected = selectByPolicies(policies, snapshots, context).map(
    ({ resource, policy, refusal }): InspectedSnapshot => ({
      kind: 'rds-snapshot',
      id: resource.DBSnapshotArn,
      name: resource.DBSnapshotIdentifier,
      policy: policy.name,
      status: resource.Status,
      snapshotType: resource.SnapshotType,
      ...(refusal === undefined ? {} : { refusal }),
    }),
  );
  return { selected, ids: new Set(snapshots.map(({ DBSnapshotArn }) => DBSnapshotArn)) };
}
