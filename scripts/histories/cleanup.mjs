// Histories of the workflows of a cleanup.
import { configSchema } from '../../dist/src/domain/config/index.js';
import { parsePolicies } from '../../dist/src/domain/policy/index.js';
import { onStage, save, tick } from './recording.mjs';

const region = 'us-east-1';
const account = { id: '111111111111', name: 'dev-1' };
const ephemeral = { ephemeral: 'true' };

const stack = (name, more = {}) => ({
  account: account.name,
  region,
  name,
  tags: ephemeral,
  deleteSeconds: 5,
  ...more,
});
const chain = [
  stack('network', { exports: ['vpc'] }),
  stack('database', { exports: ['db'], imports: ['vpc'] }),
  stack('app', { imports: ['db', 'vpc'] }),
  stack('other'),
];
const fleet = {
  stacks: [
    ...chain,
    stack('flaky', { failures: [{ kind: 'generic', times: 1 }] }),
    stack('site', { buckets: ['site-uploads'] }),
    stack('kept', { protected: true }),
    stack('shared', { exports: ['shared'] }),
    stack('billing', { imports: ['shared'], tags: {} }),
  ],
  buckets: [
    { account: account.name, region, name: 'site-uploads', objects: 5 },
    { account: account.name, region, name: 'build-cache', objects: 5, tags: ephemeral },
  ],
  snapshots: [{ account: account.name, region, id: 'before-migration', tags: ephemeral }],
};
const filters = [{ 'tag:ephemeral': 'true' }];
const stacks = (nightshift = {}) => ({
  name: 'stacks',
  resource: 'aws.cfn',
  metadata: { nightshift },
  filters,
  actions: ['delete'],
});
const everything = [
  stacks({ nonEmptyBuckets: 'empty', terminationProtection: 'disable' }),
  {
    name: 'buckets',
    resource: 'aws.s3',
    metadata: { nightshift: { after: ['stacks'] } },
    filters,
    actions: [{ type: 'delete', 'remove-contents': true }],
  },
  { name: 'snapshots', resource: 'aws.rds-snapshot', filters, actions: ['delete'] },
];

/** Name → what is there, what is run, and what is done meanwhile. */
const scenarios = {
  plan: {
    fleet,
    policies: everything,
    act: (nightshift, request) => nightshift.cleanup.startPlan(request),
  },
  run: { fleet, policies: everything },
  waves: { fleet: { stacks: chain }, policies: [stacks()] },
  'last-resort': {
    fleet: { stacks: [stack('stubborn', { failures: [{ kind: 'generic' }] }), stack('other')] },
    policies: [stacks({ lastResort: 'retain' })],
  },
  refused: { fleet: { stacks: chain }, policies: [stacks()], config: { rails: { maxDeletes: 1 } } },
  approved: {
    fleet: { stacks: chain },
    policies: [stacks()],
    config: { rails: { requireApproval: true } },
    meanwhile: async (run) => run.approve({ planHash: await untilWaiting(run), by: 'an engineer' }),
  },
  'paused-and-skipped': {
    fleet: { stacks: chain },
    policies: [stacks()],
    config: { rails: { requireApproval: true } },
    meanwhile: async (run) => {
      const planHash = await untilWaiting(run);
      await run.pause();
      await run.skip({ item: 'network' });
      await run.approve({ planHash });
      await run.resume();
    },
  },
  mended: {
    fleet: {
      stacks: [stack('site', { buckets: ['site-uploads'] })],
      buckets: [{ account: account.name, region, name: 'site-uploads', objects: 5 }],
    },
    policies: [stacks({ nonEmptyBuckets: 'empty' })],
  },
  protected: {
    fleet: { stacks: [stack('kept', { protected: true })] },
    policies: [stacks({ terminationProtection: 'disable' })],
  },
  blocked: {
    fleet: {
      stacks: [
        ...chain,
        stack('shared', { exports: ['shared'] }),
        stack('billing', { imports: ['shared'], tags: {} }),
      ],
    },
    policies: [stacks()],
  },
  // Recorded is the second run, which waits for its turn.
  busy: {
    fleet: { stacks: chain.map((each) => ({ ...each, deleteSeconds: 300 })) },
    policies: [stacks()],
    act: async (nightshift, request, admin) => {
      await nightshift.cleanup.run(request);
      while ((await admin.stacks({ name: 'app' }))[0]?.status !== 'DELETE_IN_PROGRESS')
        await tick();
      const run = await nightshift.cleanup.run(request);
      while ((await run.progress()).targets[0]?.phase !== 'waiting-for-target') await tick();
      return run;
    },
  },
  cancelled: {
    fleet: { stacks: chain.map((each) => ({ ...each, deleteSeconds: 100 })) },
    policies: [stacks()],
    meanwhile: async (run, admin) => {
      while ((await admin.stacks({ name: 'app' }))[0]?.status !== 'DELETE_IN_PROGRESS')
        await tick();
      await run.cancel({ reason: 'changed our minds' });
    },
  },
};

/** @param {import('../../dist/src/temporal/index.js').EmbeddedServer} server */
export async function recordCleanups(server) {
  for (const [name, scenario] of Object.entries(scenarios)) await record(server, name, scenario);
}

async function record(server, name, { fleet: there, policies, config, act, meanwhile }) {
  const options = { server, name, fleet: { regions: [region], accounts: [account], ...there } };
  await onStage(options, async ({ nightshift, admin, client, idle }) => {
    const request = {
      setup: { config: configOf(config), policies: parsePolicies({ policies }, 'policies.yml') },
    };
    const run = act ? await act(nightshift, request, admin) : await nightshift.cleanup.run(request);
    await meanwhile?.(run, admin);
    const { targets } = await run.summary();
    await idle();
    await save(client, `cleanup-${name}`, run.workflowId, run.runId);
    for (const { workflowId, runId } of targets)
      await save(client, `cleanupTarget-${name}`, workflowId, runId);
  });
}

function configOf(config = {}) {
  return configSchema.parse({
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    regions: [region],
    policies: ['policies.yml'],
    pace: {
      pollInterval: '30ms',
      retryDelay: '10ms',
      cloudformation: { perSecond: 1000, burst: 1000 },
    },
    ...config,
  });
}

async function untilWaiting(run) {
  for (;;) {
    const { phase, planHash } = await run.progress();
    if (phase === 'awaiting-approval' && planHash !== undefined) return planHash;
    await tick();
  }
}
