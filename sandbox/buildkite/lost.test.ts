import { afterEach, beforeEach, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { buildkiteSandbox, otherUuid, TestAgent, uuid } from './testing.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;

beforeEach(async () => {
  sandbox = await buildkiteSandbox({ jobs: [{ uuid }, { uuid: otherUuid, retries: 1 }] });
  admin = new SandboxAdmin(sandbox.url);
});
afterEach(() => sandbox.close());

test('an agent whose heartbeats stop is lost after three minutes, and its job has failed after four', async () => {
  const agent = await TestAgent.connect(sandbox);
  await agent.begin(uuid);
  await agent.chunk(uuid, 1, 0, 'so far');
  sandbox.clock.skip(179);
  expect((await agent.state(uuid)).status).toBe(200);
  sandbox.clock.skip(1);
  expect(await agent.state(uuid)).toMatchObject({ status: 401, message: 'Agent tester is lost' });
  expect((await agent.heartbeat()).status).toBe(401);
  expect((await agent.chunk(uuid, 2, 6, 'late')).status).toBe(401);
  expect(await admin.buildkiteAgents()).toMatchObject([{ state: 'lost', job: uuid }]);
  expect(await admin.buildkiteJob(uuid)).toMatchObject({ state: 'running' });
  sandbox.clock.skip(60);
  const job = await admin.buildkiteJob(uuid);
  expect(job).toMatchObject({
    state: 'finished',
    exitStatus: '-1',
    endedBy: 'buildkite',
    bytesAtFinish: 6,
  });
  expect(job.signalReason).toBeUndefined();
  expect((await agent.finish(uuid)).status).toBe(401);
});

test('an agent that heartbeats keeps its job for as long as it takes', async () => {
  const agent = await TestAgent.connect(sandbox);
  await agent.begin(uuid);
  for (let minute = 0; minute < 30; minute += 2.5) {
    sandbox.clock.skip(150);
    expect((await agent.heartbeat()).status).toBe(200);
  }
  expect((await agent.finish(uuid)).status).toBe(200);
});

test('other calls are no heartbeats', async () => {
  const agent = await TestAgent.connect(sandbox);
  await agent.begin(uuid);
  sandbox.clock.skip(100);
  await agent.chunk(uuid, 1, 0, 'I am here');
  await agent.ping();
  sandbox.clock.skip(80);
  expect((await agent.ping()).status).toBe(401);
});

test('a job that was assigned to a lost agent is given to another', async () => {
  const lost = await TestAgent.connect(sandbox);
  await lost.ping();
  sandbox.clock.skip(240);
  const other = await TestAgent.connect(sandbox);
  expect((await other.ping()).json).toMatchObject({ job: { id: uuid } });
});

test('a job that may be retried runs again as a new one, and the old one stays as it is', async () => {
  const lost = await TestAgent.connect(sandbox);
  await lost.begin(otherUuid);
  sandbox.clock.skip(300);
  const { retriedBy } = await admin.buildkiteJob(otherUuid);
  expect(retriedBy).toBeDefined();
  const again = await TestAgent.connect(sandbox);
  const acquired = await again.acquire(retriedBy ?? '');
  expect(acquired.json).toMatchObject({ env: { BUILDKITE_RETRY_COUNT: '1' } });
  await again.start(retriedBy ?? '');
  await again.finish(retriedBy ?? '', { exit_status: '-1' });
  expect((await admin.buildkiteJob(retriedBy ?? '')).retriedBy).toBeUndefined();
});

test('a job that its agent finished is not touched when the agent is lost later', async () => {
  const agent = await TestAgent.connect(sandbox);
  await agent.begin(uuid);
  await agent.finish(uuid, { exit_status: '0' });
  sandbox.clock.skip(1000);
  expect(await admin.buildkiteJob(uuid)).toMatchObject({ exitStatus: '0', endedBy: 'agent' });
  expect(await admin.buildkiteAgents()).toMatchObject([{ state: 'lost' }]);
});
