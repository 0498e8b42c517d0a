import type { ConfigInput } from '../../src/domain/config/index.js';
import type { FaultInput } from '../../sandbox/faults/schema.js';
import type { FleetInput } from '../../sandbox/fleet/schema.js';
import type { NamedAim } from '../measurement.js';

/** One row of the table in bench/README.md. */
export interface CleanupCase {
  name: string;
  title: string;
  /** Sandbox seconds per second. */
  speed: number;
  fleet: FleetInput;
  /** In sandbox time: the bench divides by the speed. */
  pollIntervalSeconds: number;
  /** CloudFormation calls per sandbox second that the config allows in a target. */
  perSecond: number;
  targetsAtOnce?: number;
  policies: 'stacks' | 'buckets';
  aims: NamedAim[];
}

const accountOf = (index: number) => ({
  id: String(100_000_000_001 + index),
  name: `bench-${index + 1}`,
});
const allRegions = [
  'ap-southeast-2',
  'us-east-1',
  'eu-west-1',
  'eu-central-1',
  'us-west-2',
  'ap-northeast-1',
  'ca-central-1',
  'sa-east-1',
];

const graph = {
  stacks: 500,
  depth: 12,
  exporters: 0.15,
  imports: [1, 2],
  deleteSeconds: [20, 300],
  ageDays: [2, 30],
  seed: 20,
} satisfies NonNullable<FleetInput['generate']>[number];

const oneTarget: FleetInput = {
  regions: ['ap-southeast-2'],
  accounts: [accountOf(0)],
  generate: [graph],
};

const hostile: FaultInput[] = [
  { kind: 'throttle', service: 'cloudformation', share: 0.2 },
  { kind: 'loseResponse', service: 'cloudformation', share: 0.02, when: 'after' },
];

export const cleanupCases: CleanupCase[] = [
  {
    name: 'one-target',
    title: 'one target, 500 stacks, graph 12 deep, deletes of 20–300 s, poll interval 5 s',
    speed: 20,
    fleet: oneTarget,
    pollIntervalSeconds: 5,
    perSecond: 10,
    policies: 'stacks',
    aims: [
      { name: 'makespan ÷ critical path', limit: 1.15, at: 'most' },
      { name: 'AWS calls per deleted stack', limit: 3, at: 'most' },
    ],
  },
  {
    name: 'hostile',
    title: 'the same with 20 % of calls throttled and 2 % of responses lost',
    speed: 20,
    fleet: { ...oneTarget, faults: hostile },
    pollIntervalSeconds: 5,
    perSecond: 10,
    policies: 'stacks',
    aims: [
      { name: 'makespan ÷ critical path', limit: 1.4, at: 'most' },
      { name: 'most effective deletes of one stack', limit: 1, at: 'most' },
    ],
  },
  {
    name: 'fleet',
    title: '192 targets × 100 stacks',
    speed: 20,
    fleet: {
      regions: allRegions,
      accounts: Array.from({ length: 24 }, (_, index) => accountOf(index)),
      generate: [{ ...graph, stacks: 100, depth: 5 }],
    },
    pollIntervalSeconds: 30,
    perSecond: 10,
    targetsAtOnce: 50,
    policies: 'stacks',
    aims: [
      { name: 'wall seconds', limit: 900, at: 'most' },
      { name: 'peak worker RSS in MB', limit: 600, at: 'most' },
    ],
  },
  {
    name: 'bucket',
    title: 'bucket with 200,000 object versions',
    speed: 1,
    fleet: {
      regions: ['ap-southeast-2'],
      accounts: [accountOf(0)],
      buckets: [
        {
          account: 'bench-1',
          region: 'ap-southeast-2',
          name: 'bench-versions',
          tags: { ephemeral: 'true' },
          objects: 100_000,
          versions: 200_000,
          versioning: 'Enabled',
        },
      ],
      s3: { deletesPerSecond: 3500 },
    },
    pollIntervalSeconds: 5,
    perSecond: 10,
    policies: 'buckets',
    aims: [{ name: 'versions per second', limit: 3000, at: 'least' }],
  },
];

/** The config that a case runs with: all times are the sandbox's, shortened by its speed. */
export function configOf({
  fleet,
  speed,
  pollIntervalSeconds,
  perSecond,
  targetsAtOnce = 50,
}: CleanupCase): ConfigInput {
  const milliseconds = (seconds: number) =>
    `${Math.max(1, Math.round((seconds * 1000) / speed))}ms`;
  return {
    accounts: {
      list: fleet.accounts.map(({ id, name }) => ({ id, name })),
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
    },
    regions: fleet.regions,
    policies: ['bench'],
    pace: {
      pollInterval: milliseconds(pollIntervalSeconds),
      retryDelay: milliseconds(0.5),
      cloudformation: { perSecond: perSecond * speed, burst: 2 * perSecond },
      targetsAtOnce,
      deletesAtOnce: 500,
      retries: 20,
    },
    cleanup: { waits: { throttled: milliseconds(30), busy: milliseconds(30) } },
  };
}

/** The policies of the bench, in Custodian's words. */
export const policyDocuments = {
  stacks: {
    policies: [
      {
        name: 'stacks',
        resource: 'aws.cfn',
        filters: [{ 'tag:ephemeral': 'true' }],
        actions: ['delete'],
      },
    ],
  },
  buckets: {
    policies: [
      {
        name: 'buckets',
        resource: 'aws.s3',
        filters: [{ 'tag:ephemeral': 'true' }],
        actions: [{ type: 'delete', 'remove-contents': true }],
      },
    ],
  },
};
