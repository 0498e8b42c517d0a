import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import type { BuildkiteActivities } from '../../src/activities/buildkite/index.js';
import { awaitTargetFree } from '../../src/activities/cleanup/await-target-free.js';
import { perform } from '../../src/activities/failure.js';
import type { JobSpec, QueueSpec } from '../../src/domain/buildkite/spec.js';
import type { QueueStatus } from '../../src/domain/buildkite/result.js';
import { paceSchema } from '../../src/domain/config/pace.js';
import { packageRoot } from '../../src/temporal/package-root.js';
import { atEnd, until } from '../builds/scenario.js';
import { newQueue } from './scenario.js';

/** An answer holds 2 MB at most; the server suggests to continue as new from 4 MB of history on. */
const large = 'x'.repeat(1_500_000);

/** A Buildkite that hands out what a test puts there, and jobs that last until the test ends them. */
class FakeBuildkite {
  /** To be found next. */
  readonly offered: string[] = [];
  /** Jobs that go on. */
  readonly held = new Set<string>();
  /** Jobs begun, in order. */
  readonly begun: string[] = [];
  /** What was asked with, look by look. */
  readonly looks: { waiting: string[]; free: number }[] = [];

  constructor(private readonly spec: QueueSpec) {}

  activities(client: Client) {
    const never = () => Promise.reject(new Error('not expected here'));
    const fakes: Partial<Record<keyof BuildkiteActivities, (request: never) => Promise<unknown>>> =
      {
        prepareQueue: () => Promise.resolve(this.spec),
        prepareJob: (input: { spec: JobSpec }) => Promise.resolve(input.spec),
        registerAgent: () => Promise.resolve('sealed'),
        takeJob: ({ jobId }: { jobId: string }) => this.work(jobId),
        failReservedJob: () => Promise.resolve(),
        disconnectAgent: () => Promise.resolve(),
        leaveStack: () => Promise.resolve(),
        awaitDispatch: () =>
          perform('asking', async (signal) => {
            const jobId = await this.next(signal);
            return { jobId, session: 'sealed', job: 'sealed', large };
          }),
        awaitScheduled: (look: { waiting: string[]; free: number }) =>
          perform('looking', async (signal) => {
            this.looks.push({ waiting: look.waiting, free: look.free });
            return { found: [await this.next(signal)], gone: [], large };
          }),
        attendJob: never,
      };
    return {
      ...fakes,
      awaitTargetFree: ({ workflowId }: { workflowId: string }) =>
        perform('waiting', (signal) => awaitTargetFree(client, workflowId, signal)),
    };
  }

  /** All that a job of this test does is to last. */
  private work(jobId: string): Promise<null> {
    this.begun.push(jobId);
    this.held.add(jobId);
    return perform('working', async (signal) => {
      await until(() => {
        signal.throwIfAborted();
        return !this.held.has(jobId) || undefined;
      });
      return null;
    });
  }

  private next(signal: AbortSignal): Promise<string> {
    return until(() => {
      signal.throwIfAborted();
      return this.offered.shift();
    });
  }
}

function queueSpec(queue: string, more: Partial<QueueSpec>): QueueSpec {
  return {
    endpoint: 'https://buildkite.example.com/v3',
    token: { ssm: '/token' },
    queue,
    tags: [`queue=${queue}`],
    intake: 'agent',
    stackKey: 'stack',
    reservation: '15m',
    concurrency: 3,
    ahead: 3,
    place: {
      target: { account: { id: '111111111111', name: 'dev-1' }, region: 'us-east-1' },
      access: { sessionName: 'nightshift' },
      pace: paceSchema.parse({ workerTimeout: '30s' }),
      builds: { pollInterval: '1s', logDrain: '1s', logWait: '1s' },
    },
    project: 'jobs',
    overrides: {},
    retry: { attempts: 1, delay: '1s' },
    ...more,
  };
}

async function setQueue(more: Partial<QueueSpec>) {
  const address = inject('temporalAddress');
  const taskQueue = `queues-${randomUUID()}`;
  const native = await NativeConnection.connect({ address });
  atEnd(() => native.close());
  const connection = await Connection.connect({ address });
  atEnd(() => connection.close());
  const client = new Client({ connection });
  const queue = newQueue();
  const buildkite = new FakeBuildkite(queueSpec(queue, more));
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: { codePath: join(packageRoot(), 'dist/workflows/bundle.js') },
    activities: buildkite.activities(client),
    shutdownGraceTime: 0,
    maxHeartbeatThrottleInterval: '100ms',
  });
  const running = worker.run();
  atEnd(async () => {
    worker.shutdown();
    await running;
  });
  const workflowId = `buildkite-queue/${queue}`;
  await client.workflow.start('buildkiteQueue', { workflowId, taskQueue, args: [{ queue }] });
  const handle = client.workflow.getHandle(workflowId);
  const firstRun = (await handle.describe()).runId;
  return {
    buildkite,
    handle,
    status: () => handle.query<QueueStatus>('status'),
    continued: () => until(async () => (await handle.describe()).runId !== firstRun || undefined),
  };
}

const ids = () => Array.from({ length: 6 }, () => randomUUID());

test('a queue whose history grows large continues as new, its slots still taken by what runs', async () => {
  const [a, b, c, d] = ids();
  const { buildkite, handle, status, continued } = await setQueue({ concurrency: 3 });
  buildkite.offered.push(a!, b!, c!);
  await until(() => buildkite.begun.length === 3 || undefined);
  await continued();
  const before = await until(async () => {
    const now = await status();
    return now.state === 'taking' ? now : undefined;
  });
  expect([...before.running].sort()).toEqual([a, b, c].sort());
  expect(before.begun).toBe(3);

  // No slot is free until one of those that began before has ended.
  buildkite.offered.push(d!);
  await handle.signal('configure');
  expect(buildkite.offered).toEqual([d]);
  buildkite.held.delete(b!);
  await until(() => buildkite.begun.length === 4 || undefined);
  expect(buildkite.begun).toEqual([a, b, c, d]);
  await until(async () => (await status()).begun === 4 || undefined);
  expect([...(await status()).running].sort()).toEqual([a, c, d].sort());
  await handle.signal('stop');
  await handle.result();
});

test('jobs that wait for a slot are kept when a queue continues as new', async () => {
  const [a, b, c] = ids();
  const { buildkite, handle, status, continued } = await setQueue({
    intake: 'stacks',
    concurrency: 1,
    ahead: 5,
  });
  buildkite.offered.push(a!, b!, c!);
  await continued();
  await until(async () => (await status()).waiting.length === 2 || undefined);
  expect(await status()).toMatchObject({ running: [a], waiting: [b, c] });
  await until(() => buildkite.looks.at(-1)?.waiting.length === 2 || undefined);
  expect(buildkite.looks.at(-1)).toEqual({ waiting: [b, c], free: 0 });
  buildkite.held.delete(a!);
  await until(() => buildkite.begun.length === 2 || undefined);
  expect(buildkite.begun).toEqual([a, b]);
  await until(async () => (await status()).running[0] === b || undefined);
  expect(await status()).toMatchObject({ running: [b], waiting: [c], begun: 2 });
  await handle.signal('stop');
  await handle.result();
});

test('a queue whose workflow is cancelled takes no more; what it has begun is none of its business', async () => {
  const [a] = ids();
  const { buildkite, handle } = await setQueue({});
  buildkite.offered.push(a!);
  await until(() => buildkite.begun.length === 1 || undefined);
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow('cancelled');
  expect(buildkite.held.has(a!)).toBe(true);
});
