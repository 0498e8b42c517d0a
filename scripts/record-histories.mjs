// Records histories of every workflow type on the sandbox, for test/replay. Run it when a workflow has changed in a
// way that `patched` can't bridge: the histories that are there say what must go on running.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { SandboxAdmin } from '../dist/sandbox/admin-client.js';
import { defineFleet, startSandbox } from '../dist/sandbox/index.js';
import { NightshiftClient } from '../dist/src/client/index.js';
import { configSchema } from '../dist/src/domain/config/index.js';
import { parsePolicies } from '../dist/src/domain/policy/index.js';
import { installTelemetry } from '../dist/src/telemetry/index.js';
import { startEmbeddedServer } from '../dist/src/temporal/index.js';
import { createWorker } from '../dist/src/worker.js';

const { History } = proto.temporal.api.history.v1;
const folder = join(import.meta.dirname, '../test/replay/histories');
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

installTelemetry({ log: { level: 'error' } });
const stateDir = await mkdtemp(join(tmpdir(), 'nightshift-histories-'));
const server = await startEmbeddedServer({ stateDir });
try {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) await rm(join(folder, file));
  for (const [name, scenario] of Object.entries(scenarios)) await record(name, scenario);
} finally {
  await server.stop();
  await rm(stateDir, { recursive: true, force: true });
}

async function record(name, { fleet: there, policies, config, act, meanwhile }) {
  const sandbox = await startSandbox({
    fleet: defineFleet({ regions: [region], accounts: [account], ...there }),
    speed: 100,
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: '000000000000',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: region,
  });
  const taskQueue = `histories-${name}`;
  const worker = await createWorker({ server, taskQueue });
  const running = worker.run();
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  const request = {
    setup: { config: configOf(config), policies: parsePolicies({ policies }, 'policies.yml') },
  };
  const admin = new SandboxAdmin(sandbox.url);
  const run = act ? await act(nightshift, request, admin) : await nightshift.cleanup.run(request);
  await meanwhile?.(run, admin);
  const { targets } = await run.summary();
  await nightshift.close();
  worker.stop();
  await running;
  await sandbox.close();

  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  await save(client, `cleanup-${name}`, run.workflowId, run.runId);
  for (const { workflowId, runId } of targets)
    await save(client, `cleanupTarget-${name}`, workflowId, runId);
  await connection.close();
  process.stdout.write(`${name}\n`);
}

/** As JSON that can be read and compared: payloads in base64, numbers of 64 bits as text, enums by name. */
async function save(client, name, workflowId, runId) {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const { events } = History.toObject(history, { bytes: String, longs: String, enums: String });
  forgetMachine(events);
  const file = { workflowId, history: { events } };
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(file, null, 1)}\n`);
}

/**
 * Who worked on it, on which machine and from which folder is nobody's business, and replay does not ask: identities
 * (`<pid>@<host>`), the queues named after them, and stack traces.
 */
function forgetMachine(value) {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (key === 'identity' || key === 'stackTrace') value[key] = '';
    else if (key === 'taskQueue' && each?.kind === 'TASK_QUEUE_KIND_STICKY') each.name = 'sticky';
    else forgetMachine(each);
  }
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

function tick() {
  return new Promise((resolve) => setTimeout(resolve, 30));
}
