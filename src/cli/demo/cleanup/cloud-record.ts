import type { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import type { RunResult } from '../../../domain/cleanup/result.js';

type Ledger = Awaited<ReturnType<SandboxAdmin['ledgerSummary']>>;
export type StackState = Awaited<ReturnType<SandboxAdmin['stacks']>>[number];

/** What the cloud itself says after a run. */
export interface CloudRecord {
  /** Counts over every call since the run began. */
  ledger: Ledger;
  /** As they truly are, deleted ones included. */
  stacks: StackState[];
  /** Buckets and snapshots that the result calls deleted, and that are still there. */
  left: string[];
}

export async function cloudRecord(admin: SandboxAdmin, result: RunResult): Promise<CloudRecord> {
  const left: string[] = [];
  for (const { account, region, items } of result.targets) {
    const snapshots = await admin.snapshots(account.id, region);
    for (const { kind, name, outcome } of items) {
      if (outcome !== 'deleted' || kind === 'stack') continue;
      const isThere =
        kind === 'bucket' ? (await admin.bucket(name)) !== null : snapshots.includes(name);
      if (isThere) left.push(name);
    }
  }
  return { ledger: await admin.ledgerSummary(), stacks: await admin.stacks(), left };
}
