import type { ResultItem, RunResult, TargetResult } from '../../src/domain/cleanup/result.js';
import type { Target } from '../../src/domain/target.js';
import { Random } from './random.js';
import { failedStack, orphanedStack } from './sample-trouble.js';

export interface SampleOptions {
  seed: number;
  accounts: number;
  regions: number;
  /** Roughly: families of stacks come whole. */
  stacksPerTarget: number;
}

const names = ['dev-payments', 'dev-orders', 'dev-platform', 'sandbox-data'];
const regions = ['ap-southeast-2', 'us-east-1', 'eu-west-1'];
const runStart = Date.parse('2026-03-14T12:00:04.000Z');
const policies = {
  stack: 'delete-ephemeral-cfn-stacks',
  bucket: 'delete-ephemeral-s3-buckets',
  'rds-snapshot': 'delete-ephemeral-rds-snapshots',
};

/** What a feature branch leaves behind, and what each part imports from. */
const family: [part: string, imports: string[]][] = [
  ['network', []],
  ['dns', ['network']],
  ['database', ['network']],
  ['queue', []],
  ['api', ['network', 'database', 'queue', 'dns']],
  ['worker', ['database', 'queue']],
  ['web', ['api', 'dns']],
];

/** A run as it might come out of a night: 12 targets and about 180 items unless told otherwise. */
export function sampleRun(options: Partial<SampleOptions> = {}): RunResult {
  const { seed = 7, accounts = 4, regions: regionCount = 3, stacksPerTarget = 12 } = options;
  const random = new Random(seed);
  const targets: TargetResult[] = [];
  for (let account = 0; account < accounts; account++) {
    for (let region = 0; region < regionCount; region++) {
      const target = sampleTarget(account, region);
      const last = accounts > 1 && account === accounts - 1 && region === regionCount - 1;
      targets.push(last ? deniedTarget(target) : workedTarget(target, stacksPerTarget, random));
    }
  }
  return runOf(targets, random);
}

function sampleTarget(account: number, region: number): Target {
  const name = names[account] ?? `dev-team-${account}`;
  const id = String(111111111111 + account * 1010101);
  const round = Math.floor(region / regions.length);
  const suffix = regions[region % regions.length] ?? 'us-east-1';
  return {
    account: { id, name },
    region: round === 0 ? suffix : suffix.replace(/\d$/, `${round + 2}`),
  };
}

function runOf(targets: TargetResult[], random: Random): RunResult {
  const items = targets.flatMap((target) => target.items);
  const count = (outcome: string) => items.filter((item) => item.outcome === outcome).length;
  const ends = targets.map((target) => Date.parse(target.endedAt ?? target.startedAt));
  return {
    runId: `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`,
    workflowId: 'cleanup/nightly',
    status: count('failed') > 0 ? 'completed-with-failures' : 'completed',
    startedAt: iso(runStart),
    endedAt: iso(Math.max(...ends) + 1200),
    policies: Object.values(policies),
    totals: {
      deleted: count('deleted'),
      skipped: count('skipped'),
      blocked: count('blocked'),
      failed: count('failed'),
      orphaned: items.reduce((sum, item) => sum + (item.orphans?.length ?? 0), 0),
    },
    awsCalls: targets.reduce((sum, target) => sum + target.awsCalls, 0),
    targets,
  };
}

function deniedTarget(target: Target): TargetResult {
  const role = `arn:aws:iam::${target.account.id}:role/nightshift-spoke`;
  return {
    ...target,
    items: [],
    error: {
      code: 'AwsAccess',
      message: `${role} cannot be assumed in ${target.account.name}: AccessDenied (sts:AssumeRole)`,
      hint: 'Deploy deploy/iam/spoke.yaml to the account, or correct accounts.role.',
    },
    passes: 0,
    awsCalls: 3,
    startedAt: iso(runStart + 400),
    endedAt: iso(runStart + 2600),
  };
}

function workedTarget(target: Target, stacks: number, random: Random): TargetResult {
  const items: ResultItem[] = [];
  while (items.length < stacks) items.push(...stackFamily(target, random));
  addOdds(target, items, random);
  const end = Math.max(...items.map((item) => Date.parse(item.endedAt ?? iso(runStart))));
  return {
    ...target,
    items,
    passes: items.some((item) => item.outcome === 'failed') ? 3 : random.int(1, 2),
    awsCalls: 14 + Math.round(items.length * (1.6 + random.next())),
    startedAt: iso(runStart + random.int(200, 900)),
    endedAt: iso(end + 800),
  };
}

/** The stacks of one branch, each deleted as soon as its importers are gone; some go wrong. */
function stackFamily(target: Target, random: Random): ResultItem[] {
  const branch = `pr-${random.int(1000, 9999)}`;
  const chosen = family.filter(([part]) => part === 'network' || random.next() < 0.8);
  const parts = new Map<string, ResultItem>();
  for (const [part] of [...chosen].reverse()) {
    const importers = chosen.filter(([, imports]) => imports.includes(part));
    const first = importers.flatMap(([importer]) => parts.get(importer) ?? []);
    parts.set(part, stack(target, `${branch}-${part}`, first, random));
  }
  return [...parts.values()];
}

function stack(
  target: Target,
  name: string,
  importers: readonly ResultItem[],
  random: Random,
): ResultItem {
  const uuid = `${random.hex(8)}-${random.hex(4)}-11f0-${random.hex(4)}-${random.hex(12)}`;
  const wave = Math.max(-1, ...importers.map((importer) => importer.wave ?? 0)) + 1;
  const base = {
    kind: 'stack' as const,
    id: `arn:aws:cloudformation:${target.region}:${target.account.id}:stack/${name}/${uuid}`,
    name,
    policy: policies.stack,
    ...(importers.length > 0 && { dependents: importers.map((importer) => importer.id) }),
  };
  const holder = importers.find((importer) => importer.outcome !== 'deleted');
  if (holder) return heldStack(base, holder);
  const free = Math.max(runStart, ...importers.map((i) => Date.parse(i.endedAt ?? iso(runStart))));
  const start = free + random.int(1500, importers.length > 0 ? 4000 : 90_000);
  const seconds = Math.round(20 + 280 * random.next() ** 2);
  const times = { wave, startedAt: iso(start), endedAt: iso(start + seconds * 1000) };
  const luck = random.next();
  if (luck < 0.035) return failedStack({ ...base, ...times }, start, random);
  if (luck < 0.05) return orphanedStack({ ...base, ...times }, random);
  const again = luck > 0.95;
  return { ...base, ...times, outcome: 'deleted', attempts: again ? 2 : 1, passes: again ? 2 : 1 };
}

type StackBase = Pick<ResultItem, 'kind' | 'id' | 'name' | 'policy' | 'dependents'>;

function heldStack(base: StackBase, holder: ResultItem): ResultItem {
  return {
    ...base,
    outcome: 'blocked',
    reason: `${holder.name}, which imports from it, is still there.`,
    blockedBy: [{ id: holder.id, name: holder.name }],
    attempts: 0,
    passes: 1,
  };
}

/** One of each that a fleet always has: protected, StackSet, an importer outside, buckets, snapshots. */
function addOdds(target: Target, items: ResultItem[], random: Random): void {
  const plain = { policy: policies.stack, attempts: 0, passes: 1 };
  const arn = (name: string) =>
    `arn:aws:cloudformation:${target.region}:${target.account.id}:stack/${name}/${random.hex(8)}-aaaa-11f0-bbbb-${random.hex(12)}`;
  const kept = (name: string, reason: string): ResultItem => {
    return { ...plain, kind: 'stack', id: arn(name), name, outcome: 'skipped', reason };
  };
  if (random.next() < 0.5) {
    items.push(kept(`pr-${random.int(1000, 9999)}-demo`, 'Termination protection is on.'));
  }
  if (random.next() < 0.35) {
    const reason = 'A StackSet owns it: delete the instance from the StackSet.';
    items.push(kept(`StackSet-baseline-${random.hex(8)}`, reason));
  }
  if (random.next() < 0.25) {
    const name = `shared-vpc-${random.hex(4)}`;
    const holder = { id: arn('edge-gateway'), name: 'edge-gateway' };
    const reason = `Export ${name}:VpcId is imported by edge-gateway, which no policy selects.`;
    const id = arn(name);
    items.push({
      ...plain,
      kind: 'stack',
      id,
      name,
      outcome: 'blocked',
      reason,
      blockedBy: [holder],
    });
  }
  for (let bucket = random.int(0, 2); bucket > 0; bucket--) items.push(bucketOf(target, random));
  for (let snapshot = random.int(0, 2); snapshot > 0; snapshot--)
    items.push(snapshotOf(target, random));
}

function bucketOf(target: Target, random: Random): ResultItem {
  const name = `ephemeral-artifacts-${target.region}-${random.hex(6)}`;
  return {
    ...brief(random),
    kind: 'bucket',
    id: `arn:aws:s3:::${name}`,
    name,
    policy: policies.bucket,
  };
}

function snapshotOf(target: Target, random: Random): ResultItem {
  const name = `pr-${random.int(1000, 9999)}-final-${random.hex(6)}`;
  const id = `arn:aws:rds:${target.region}:${target.account.id}:snapshot:${name}`;
  return { ...brief(random), kind: 'rds-snapshot', id, name, policy: policies['rds-snapshot'] };
}

function brief(random: Random) {
  const start = runStart + random.int(1000, 60_000);
  const times = { startedAt: iso(start), endedAt: iso(start + random.int(800, 45_000)) };
  return { ...times, outcome: 'deleted' as const, wave: 0, attempts: 1, passes: 1 };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
