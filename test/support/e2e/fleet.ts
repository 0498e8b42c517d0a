import type { FleetInput } from '../../../sandbox/fleet/schema.js';
import type { Outcome } from '../../../src/domain/cleanup/result.js';

export const regions = ['ap-southeast-2', 'us-east-1'] as const;

type Stack = NonNullable<FleetInput['stacks']>[number];

/** What a run must make of a stack, and how often its delete has to begin: once more for each time that it fails. */
export interface Fate {
  outcome: Outcome;
  begun: number;
  /** Attempts that the run made, where somebody else began its delete. */
  attempts?: number;
  reason?: RegExp;
}

export interface PracticeFleet {
  fleet: FleetInput;
  /** By name, where it is not simply deleted in one go. */
  fates: Readonly<Record<string, Fate>>;
}

export interface FleetOptions {
  /** First three digits of the account ids: a target is one workflow for the whole server, so each test has its own. */
  family: number;
  accounts?: number;
  regions?: readonly string[];
  /** Ephemeral stacks in each target, and in how many layers. */
  stacks?: number;
  depth?: number;
  deleteSeconds?: [number, number];
  seed?: number;
  /** Put those there, in the first account and region, that don't just go. On unless told otherwise. */
  trouble?: boolean;
  /** Further stacks in the first account and region. */
  more?: Omit<Stack, 'account' | 'region'>[];
}

export function accountsOf({ family, accounts = 1 }: FleetOptions) {
  return Array.from({ length: accounts }, (_, index) => ({
    id: String(family * 1_000_000_000 + index + 1),
    name: `e2e-${family}-${index + 1}`,
  }));
}

/** Layers of ephemeral stacks in every target, and among them what a night brings. */
export function practiceFleet(options: FleetOptions): PracticeFleet {
  const { stacks = 10, depth = 5, deleteSeconds = [20, 60], seed = 1, trouble = true } = options;
  const accounts = accountsOf(options);
  const home = { account: accounts[0]?.name ?? '', region: options.regions?.[0] ?? regions[0] };
  const named = [...(options.more ?? []), ...(trouble ? troubled(options.family) : [])];
  return {
    fleet: {
      regions: [...(options.regions ?? regions)],
      accounts,
      generate: stacks === 0 ? [] : [{ prefix: 'pr', seed, stacks, depth, deleteSeconds }],
      stacks: [
        ...named.map((stack) => ({ ...home, ...stack })),
        ...accounts.map(({ name: account }) => ({
          ...home,
          account,
          name: 'platform',
          tags: { team: 'platform' },
          exports: ['platform-vpc'],
        })),
      ],
      buckets: trouble ? bucketsOf(options.family, home) : [],
    },
    fates: trouble ? fates : {},
  };
}

const ephemeral = { ephemeral: 'true' };

function troubled(family: number): Omit<Stack, 'account' | 'region'>[] {
  return [
    { name: 'guarded', tags: ephemeral, protected: true },
    { name: 'shared-db', tags: ephemeral, exports: ['shared-db-endpoint'] },
    { name: 'reporting', tags: { team: 'data' }, imports: ['shared-db-endpoint'] },
    { name: 'on-shared', tags: ephemeral, imports: ['platform-vpc'], deleteSeconds: 40 },
    { name: 'flaky', tags: ephemeral, failures: [{ kind: 'rateExceeded', times: 1 }] },
    { name: 'second-pass', tags: ephemeral, failures: [{ kind: 'generic', times: 1 }] },
    { name: 'StackSet-baseline', tags: ephemeral },
    {
      name: 'uploads',
      tags: ephemeral,
      buckets: [`e2e-${family}-uploads`],
      exports: ['uploads-name'],
    },
    { name: 'thumbnails', tags: ephemeral, imports: ['uploads-name'] },
    {
      name: 'checkout',
      tags: ephemeral,
      nested: [
        { name: 'checkout-queue', tags: ephemeral, deleteSeconds: 40 },
        { name: 'checkout-table', tags: {}, deleteSeconds: 60 },
      ],
    },
  ];
}

const fates: Readonly<Record<string, Fate>> = {
  guarded: { outcome: 'skipped', begun: 0, reason: /termination protection/ },
  'StackSet-baseline': { outcome: 'skipped', begun: 0, reason: /StackSet/ },
  'checkout-queue': { outcome: 'skipped', begun: 0, reason: /nested in checkout/ },
  'shared-db': { outcome: 'blocked', begun: 0, reason: /reporting/ },
  flaky: { outcome: 'deleted', begun: 2 },
  'second-pass': { outcome: 'deleted', begun: 2 },
  uploads: { outcome: 'deleted', begun: 2 },
};

function bucketsOf(family: number, home: { account: string; region: string }) {
  return [
    { ...home, name: `e2e-${family}-uploads`, objects: 40, versions: 60, versioning: 'Enabled' },
    { ...home, name: `e2e-${family}-scratch`, objects: 1500, tags: ephemeral, uploads: 2 },
    { ...home, name: `e2e-${family}-kept`, objects: 3, tags: { team: 'data' } },
  ] satisfies NonNullable<FleetInput['buckets']>;
}
