import { randomBytes, randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { FaultInput } from '../../sandbox/faults/schema.js';
import { NightshiftClient } from '../../src/client/index.js';
import { type Scene, createScene } from '../cli/buildkite/scene.js';
import { untilSaid } from '../cli/support/command-folder.js';
import { until } from '../support/temporal/until.js';

// Jobs are run by processes of their own, as in production, that write all that they can: what is looked for must be
// in nothing that they have left behind. What may hold a job’s environment in the clear is CodeBuild’s build alone.

const agentToken = `bkct_${randomBytes(12).toString('hex')}`;
const variable = `secret-variable-${randomBytes(12).toString('hex')}`;

const says = `echo "I know $SECRET_VARIABLE" | wc -c`;
const endless = {
  SANDBOX_BUILD: JSON.stringify({ phases: { BUILD: 1_000_000 } }),
  CB_PROJECT_NAME: 'made-up',
};

let scene: Scene;
let client: Client;
let nightshift: NightshiftClient;
let connection: Connection;
/** What was written, said and kept, by where it was. */
const seen = new Map<string, Buffer>();
let secrets: string[];
let builds: Awaited<ReturnType<Scene['admin']['builds']>>;

/** Refusals of every kind: what they say ends in histories, logs and on terminals. */
const troubles: [string, FaultInput][] = [
  ...['Register', 'AcquireJob', 'StartJob', 'FinishJob'].map((action): [string, FaultInput] => [
    action,
    { kind: 'denyActions', service: 'buildkite', actions: [action] },
  ]),
  [
    'all that is said of a job',
    {
      kind: 'denyActions',
      service: 'buildkite',
      actions: ['Heartbeat', 'UploadChunk', 'SetData', 'Disconnect'],
    },
  ],
  ['StartBuild', { kind: 'denyActions', service: 'codebuild', actions: ['StartBuild'] }],
  ['PutParameter', { kind: 'denyActions', service: 'ssm', actions: ['PutParameter'] }],
  [
    'answers that are lost',
    {
      kind: 'loseResponse',
      service: 'buildkite',
      // Those that are tried again within a second.
      actions: ['StartJob', 'GetJobState', 'UploadChunk', 'FinishJob'],
      share: 0.3,
    },
  ],
  ['calls that are throttled', { kind: 'throttle', service: 'codebuild', share: 0.3 }],
];

beforeAll(async () => {
  const temporalAddress = inject('temporalAddress');
  connection = await Connection.connect({ address: temporalAddress });
  client = new Client({ connection });
  scene = await createScene({
    temporalAddress,
    agentToken,
    buildkite: { jobTokens: true },
    config: { pace: { retryDelay: '20ms', retries: 3, workerTimeout: '3s' } },
  });
  const server = {
    address: temporalAddress,
    namespace: 'default',
    connectionOptions: { address: temporalAddress },
  };
  nightshift = await NightshiftClient.connect({ server, taskQueue: scene.taskQueue });
  const worker = scene.start('worker', '--log-level', 'trace');
  await untilSaid(worker, 'serves the Buildkite queues');
  for (const command of [says, `${says}; exit 3`]) await waitFor(await newJob(command));
  await whileRunning();
  for (const [name, fault] of troubles) await inTrouble(name, fault);
  for (const args of [['status'], ['status', '--json'], ['sweep'], ['sweep', '--json']]) {
    const { stdout, stderr } = await scene.run('buildkite', ...args);
    see(`buildkite ${args.join(' ')}`, stdout + stderr);
  }
  await scene.run('buildkite', 'stop', scene.queue);
  secrets = [variable, ...(await scene.admin.buildkiteSecrets())];
  builds = await scene.admin.builds();
  worker.signal('SIGTERM');
  const { stdout, stderr } = await worker.finished;
  see('log of the worker', stdout + stderr);
  await lookAtHistories();
}, 600_000);

afterAll(async () => {
  await scene.close();
  await nightshift.close();
  await connection.close();
});

function see(where: string, what: string | Uint8Array): void {
  seen.set(where, Buffer.from(what));
}

async function newJob(command: string, env: Record<string, string> = {}): Promise<string> {
  const { queue, admin } = scene;
  const job = { queue, command, env: { SECRET_VARIABLE: variable, ...env } };
  return (await admin.createBuildkiteJob({ uuid: randomUUID(), ...job })).uuid;
}

async function waitFor(uuid: string): Promise<void> {
  await until('the job ends', async () =>
    /finished|canceled/.test((await scene.admin.buildkiteJob(uuid)).state),
  );
}

/** A job that is running, and cancelled: its workflows’ heartbeats, and what they answer. */
async function whileRunning(): Promise<void> {
  const uuid = await newJob('true', endless);
  await until('the build runs', async () =>
    (await scene.admin.builds()).some(({ phase }) => phase === 'BUILD'),
  );
  const ids = [
    `buildkite-queue/${scene.queue}`,
    `buildkite-job/${uuid}`,
    `buildkite-job/${uuid}/build`,
  ];
  for (const id of ids) {
    await until('heartbeats have come', async () => {
      const { raw } = await client.workflow.getHandle(id).describe();
      const { DescribeWorkflowExecutionResponse } = temporal.api.workflowservice.v1;
      see(`heartbeats of ${id}`, DescribeWorkflowExecutionResponse.encode(raw).finish());
      return raw.pendingActivities?.some(({ heartbeatDetails }) => heartbeatDetails) ?? false;
    });
  }
  const { stdout, stderr } = await scene.run('buildkite', 'status', '--json');
  see('status while a job runs', stdout + stderr);
  await scene.admin.cancelBuildkiteJob(uuid);
  await waitFor(uuid);
}

/** A job that is run by hand while a call is refused: by the command line, or by the typed client. */
async function inTrouble(name: string, fault: FaultInput): Promise<void> {
  // Another queue’s, so that nobody else takes it.
  const { admin } = scene;
  const env = { SECRET_VARIABLE: variable };
  const job = { uuid: randomUUID(), queue: 'by-hand', command: says, env };
  await admin.createBuildkiteJob(job);
  await admin.setFaults([fault]);
  see(`run-job, ${name}`, await (shown.has(name) ? onTerminal(job.uuid) : byClient(job.uuid)));
  await admin.clearFaults();
}

const shown = new Set(['Register', 'StartBuild']);

async function onTerminal(uuid: string): Promise<string> {
  const { stdout, stderr } = await scene.run('buildkite', 'run-job', uuid, '--json');
  return stdout + stderr;
}

async function byClient(uuid: string): Promise<string> {
  const job = await nightshift.buildkite.runJob(uuid);
  const depth = { depth: 10, showHidden: true };
  return await job.result().then(
    (result) => inspect(result, depth),
    (error: unknown) => inspect(error, depth),
  );
}

async function lookAtHistories(): Promise<void> {
  const query = `TaskQueue = '${scene.taskQueue}'`;
  for await (const { workflowId, runId, type } of client.workflow.list({ query })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory();
    see(
      `history of ${type} ${workflowId} ${runId}`,
      temporal.api.history.v1.History.encode(history).finish(),
    );
  }
}

/** The ways in which a secret may be written. */
function spellings(secret: string): string[] {
  const base64 = [0, 1, 2].map((shift) =>
    // Without the ends that depend on what is around it.
    Buffer.from('x'.repeat(shift) + secret)
      .toString('base64')
      .slice(4, -6),
  );
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...base64];
}

function placesOf(secret: string, kind: RegExp): string[] {
  return [...seen]
    .filter(
      ([where, what]) => kind.test(where) && spellings(secret).some((form) => what.includes(form)),
    )
    .map(([where]) => where);
}

test('all secrets of these jobs are known, and their builds had them', () => {
  // The agent token, sessions and job tokens of a dozen jobs, and the variable.
  expect(secrets.length).toBeGreaterThan(20);
  expect(secrets).toContain(agentToken);
  expect(new Set(secrets).size).toBe(secrets.length);
  const values = builds.map(({ env }) => env['SECRET_VARIABLE']?.value);
  expect(values).toContain(variable);
  // Tokens are given to builds by the name of a parameter alone.
  const plain = builds.flatMap(({ env }) => Object.values(env).map(({ value }) => value));
  for (const secret of secrets.filter((each) => each !== variable))
    expect(plain).not.toContain(secret);
});

test('a secret that were there would be found', () => {
  for (const shift of ['', 'x', 'xx', 'xxx']) {
    const text = `${shift}${variable} and on`;
    see('planted', Buffer.from(text).toString('base64'));
    expect(placesOf(variable, /planted/)).toEqual(['planted']);
  }
  seen.delete('planted');
  const [build] = builds;
  // What is not secret is where it is looked for.
  expect(
    placesOf(build?.env['BUILDKITE_JOB_ID']?.value ?? '', /history of buildkiteJob/),
  ).not.toEqual([]);
  expect(placesOf(scene.queue, /log of the worker/)).not.toEqual([]);
});

describe('no secret is in', () => {
  test.each([
    ['a history', /^history of buildkiteQueue/],
    ['a job’s history', /^history of buildkiteJob/],
    ['a build’s history', /^history of codebuildBuild/],
    ['a sweep’s history', /^history of sweepBuilds/],
    ['a heartbeat', /^heartbeats of/],
    ['the log of the worker', /^log of the worker/],
    ['an error or a result', /^run-job/],
    ['what the command line shows', /^(buildkite|status)/],
  ])('%s', (_, kind) => {
    expect([...seen.keys()].filter((where) => kind.test(where))).not.toEqual([]);
    for (const secret of secrets) expect(placesOf(secret, kind)).toEqual([]);
  });
});

test('no secret is left in Parameter Store either, but the agent token', async () => {
  const { ssm } = scene.sandbox.services;
  const { accounts, now: _now } = await scene.admin.state();
  const names = accounts.flatMap(({ id, regions }) =>
    regions.flatMap((each) => [...ssm.target(id, each).keys()]),
  );
  expect(names.filter((name) => name.startsWith('/nightshift/'))).toEqual([]);
});
