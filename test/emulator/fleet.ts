import type { EmulatedTarget } from './aws.js';
import { emulatedTarget } from './aws.js';
import { seedBucket, seedSnapshots } from './seed-data.js';
import { seedStack } from './seed-stack.js';

export const fleetAccounts = [
  { id: '111111111111', name: 'dev-1' },
  { id: '222222222222', name: 'dev-2' },
  { id: '333333333333', name: 'dev-3' },
] as const;

export const fleetRegions = ['us-east-1', 'ap-southeast-2'] as const;

/** A stack to seed. Every stack is a topic, whose ARN is the value of each of its exports. */
export interface StackSeed {
  name: string;
  tags?: Record<string, string>;
  exports?: string[];
  imports?: string[];
  terminationProtection?: true;
  /** A bucket of this stack, holding one object. */
  bucket?: string;
}

export interface BucketSeed {
  name: string;
  tags?: Record<string, string>;
  versioned?: true;
  /** Keys to write: a key that stands twice has two versions, if the bucket is versioned. */
  keys?: string[];
  /** Keys to delete after that: each leaves a delete marker in a versioned bucket. */
  deletedKeys?: string[];
}

export interface SnapshotSeed {
  name: string;
  instance: string;
  tags?: Record<string, string>;
}

export interface TargetSeed {
  account: { id: string; name: string };
  region: string;
  stacks: StackSeed[];
  buckets: BucketSeed[];
  snapshots: SnapshotSeed[];
}

/** Three accounts × two regions, no two alike. */
export function fleet(): TargetSeed[] {
  return fleetAccounts.flatMap((account, a) =>
    fleetRegions.map((region, r) => ({
      account,
      region,
      stacks: [...commonStacks(account.name, region), ...extraStacks(a * fleetRegions.length + r)],
      buckets: buckets(account.name, region),
      snapshots: a === 2 ? [] : snapshots(),
    })),
  );
}

const ephemeral = { ephemeral: 'true' };

function commonStacks(account: string, region: string): StackSeed[] {
  return [
    // Four layers that all go, in this order's reverse.
    {
      name: 'net',
      tags: { ...ephemeral, team: 'red', count: '3', created: '2020-01-01' },
      exports: ['net-vpc', 'net-subnets'],
    },
    {
      name: 'data',
      tags: { ...ephemeral, team: 'blue', count: '12', owner: 'ada' },
      imports: ['net-vpc'],
      exports: ['data-db'],
    },
    {
      name: 'app-1',
      tags: { ...ephemeral, team: 'Red', count: '7', owner: '' },
      imports: ['data-db', 'net-subnets'],
      exports: ['app-1-url'],
    },
    { name: 'app-2', tags: { ...ephemeral, team: 'blue' }, imports: ['data-db'] },
    { name: 'web-1', tags: { ...ephemeral, expires: '2022-02-02' }, imports: ['app-1-url'] },
    // Stays: a stack outside the policy imports from it. What imports from it and is selected goes.
    { name: 'shared-base', tags: ephemeral, exports: ['shared-topic'] },
    { name: 'shared-user', tags: ephemeral, imports: ['shared-topic'] },
    { name: 'payroll', tags: { team: 'red', owner: 'grace' }, imports: ['shared-topic'] },
    // Stay: the gateway is imported from outside, and so the platform below it can't go either.
    { name: 'platform', tags: ephemeral, exports: ['platform-api'] },
    { name: 'gateway', tags: ephemeral, imports: ['platform-api'], exports: ['gateway-url'] },
    { name: 'billing', tags: { ephemeral: 'false' }, imports: ['gateway-url'] },
    // Stay: the one is protected, and the other is imported by it.
    { name: 'vault-base', tags: ephemeral, exports: ['vault-key'] },
    { name: 'vault', tags: ephemeral, imports: ['vault-key'], terminationProtection: true },
    { name: 'StackSet-guardrails-4f1c', tags: ephemeral },
    { name: 'assets', tags: ephemeral, bucket: `assets-${account}-${region}` },
    // Rolled back, as its import does not exist.
    { name: 'half-made', tags: { ...ephemeral, expires: '2099-01-01' }, imports: ['nowhere'] },
    // Not ephemeral, whatever it looks like.
    { name: 'upper', tags: { ephemeral: ' TRUE ' } },
    { name: 'other-key', tags: { Ephemeral: 'true', count: 'many' } },
    {
      name: 'marked',
      tags: { nightly: 'Resource does not meet policy: delete@2021/01/01', created: '2022-01-01' },
    },
    { name: 'bare' },
  ];
}

/** Stacks that only some targets have, the first `variant` of these. */
function extraStacks(variant: number): StackSeed[] {
  const all: StackSeed[] = [
    { name: 'app-3', tags: { ...ephemeral, team: 'blue', count: '8' }, imports: ['data-db'] },
    { name: 'web-2', tags: { ...ephemeral, team: 'red' }, imports: ['app-1-url'] },
    { name: 'keep', tags: { ephemeral: 'false', team: 'blue' } },
    { name: 'report', tags: ephemeral, imports: ['data-db', 'net-vpc'], exports: ['report-url'] },
    { name: 'dashboard', tags: { ...ephemeral, count: '4' }, imports: ['report-url', 'app-1-url'] },
  ];
  return all.slice(0, variant);
}

function buckets(account: string, region: string): BucketSeed[] {
  const name = (purpose: string) => `${purpose}-${account}-${region}`;
  return [
    {
      name: name('scratch'),
      tags: ephemeral,
      versioned: true,
      keys: ['a', 'a', 'b/c', 'with space & é', 'b/c'],
      deletedKeys: ['a'],
    },
    { name: name('scratch-plain'), tags: ephemeral, keys: ['1', '2', '3'] },
    { name: name('logs'), tags: { ephemeral: 'false' }, keys: ['kept'] },
    { name: name('untagged') },
  ];
}

function snapshots(): SnapshotSeed[] {
  return [
    { name: 'orders-1', instance: 'orders', tags: ephemeral },
    { name: 'orders-2', instance: 'orders', tags: { ephemeral: 'false' } },
    { name: 'users-1', instance: 'users', tags: ephemeral },
    { name: 'users-2', instance: 'users' },
  ];
}

/** Puts the fleet into an empty emulator. */
export async function seedFleet(endpoint: string, targets: readonly TargetSeed[]): Promise<void> {
  for (const seed of targets) {
    const target = emulatedTarget(endpoint, seed.account.id, seed.region);
    await seedTarget(target, seed);
  }
}

export async function seedTarget(
  target: EmulatedTarget,
  seed: Pick<TargetSeed, 'stacks' | 'buckets' | 'snapshots'>,
): Promise<void> {
  // One after the other: an export must be there before its importer.
  for (const stack of seed.stacks) await seedStack(target, stack);
  for (const bucket of seed.buckets) await seedBucket(target, bucket);
  await seedSnapshots(target, seed.snapshots);
}
