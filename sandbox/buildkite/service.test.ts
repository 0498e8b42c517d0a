import { afterEach, beforeEach, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import { defineFleet } from '../fleet/load.js';
import type { Sandbox } from '../index.js';
import { buildkiteSandbox, TestAgent, uuid } from './testing.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;
let agent: TestAgent;

beforeEach(async () => {
  sandbox = await buildkiteSandbox({ jobs: [{ uuid }] });
  admin = new SandboxAdmin(sandbox.url);
  agent = await TestAgent.connect(sandbox);
});
afterEach(() => sandbox.close());

test('every call is in the ledger, with its action, job and outcome', async () => {
  await agent.begin(uuid);
  await agent.acquire(uuid);
  await agent.start(uuid);
  const entries = await admin.ledger({ service: 'buildkite', subject: uuid });
  expect(entries).toMatchObject([
    { action: 'AcquireJob', outcome: 'ok', effective: true, accountId: 'buildkite', region: '-' },
    { action: 'StartJob', outcome: 'ok', effective: true },
    { action: 'AcquireJob', outcome: '422', effective: false },
    { action: 'StartJob', outcome: '422', effective: false },
  ]);
});

test('throttling is 429, with the time to wait', async () => {
  await admin.setFaults([{ kind: 'throttle', service: 'buildkite', actions: ['Ping'], share: 1 }]);
  const throttled = await agent.ping();
  expect(throttled).toMatchObject({ status: 429, message: 'Rate exceeded' });
  expect(throttled.headers.get('retry-after')).toBe('1');
  expect((await agent.heartbeat()).status).toBe(200);
});

test('a quota of the fleet holds for Buildkite, too', async () => {
  await sandbox.close();
  sandbox = await buildkiteSandbox(
    {},
    { quotas: [{ service: 'buildkite', actions: ['Ping'], perSecond: 1 }] },
  );
  const pinging = await TestAgent.connect(sandbox);
  expect((await pinging.ping()).status).toBe(200);
  expect((await pinging.ping()).status).toBe(429);
  sandbox.clock.skip(1);
  expect((await pinging.ping()).status).toBe(200);
});

test('an answer that is lost has had its effect', async () => {
  await admin.setFaults([
    { kind: 'loseResponse', service: 'buildkite', actions: ['AcquireJob'], share: 1 },
  ]);
  await expect(agent.acquire(uuid)).rejects.toThrow();
  expect(await admin.buildkiteJob(uuid)).toMatchObject({ state: 'accepted', agent: agent.id });
  await admin.clearFaults();
  expect((await agent.acquire(uuid)).status).toBe(200);
});

test('made-up uuids are the same each time', async () => {
  const uuidsOf = async () => {
    const started = await buildkiteSandbox({ jobs: [{}, {}] });
    await started.close();
    return [...started.services.buildkite.jobs.all()].map((job) => job.uuid);
  };
  const first = await uuidsOf();
  expect(new Set(first).size).toBe(2);
  expect(await uuidsOf()).toEqual(first);
});

test('a fleet with a job twice, or in a queue that is not there, is refused by name', () => {
  const fleet = (buildkite: object) => () =>
    defineFleet({
      regions: ['us-east-1'],
      accounts: [{ id: '111111111111', name: 'a' }],
      buildkite,
    });
  expect(fleet({ jobs: [{ uuid }, { uuid }] })).toThrow(/buildkite\.jobs\[1\]\.uuid.*there twice/);
  expect(fleet({ queues: ['a'], jobs: [{ queue: 'b' }] })).toThrow(
    /no queue "b"; the cluster has a/,
  );
  expect(fleet({ requestHeaders: { Cookie: 'x' } })).toThrow(/begins with Buildkite-/);
  expect(fleet({ jobs: [{ tags: ['linux'] }] })).toThrow(/os=linux/);
});

test('the admin API says what it does not have', async () => {
  await expect(admin.buildkiteJob('none')).rejects.toThrow(/no job none/);
  await expect(admin.createBuildkiteJob({ uuid })).rejects.toThrow(/there already/);
  await expect(admin.instructBuildkiteAgent({ id: 'none' })).rejects.toThrow(/no agent none/);
  expect(await admin.buildkiteJobs({ state: 'scheduled' })).toHaveLength(1);
  expect(await admin.buildkiteJobs({ state: 'running' })).toEqual([]);
});
