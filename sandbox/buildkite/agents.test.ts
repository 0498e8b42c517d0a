import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { buildkiteSandbox, call, clusterToken, otherUuid, TestAgent, uuid } from './testing.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;

beforeEach(async () => {
  sandbox = await buildkiteSandbox({
    queues: ['default', 'linux'],
    jobs: [
      { uuid, command: 'make' },
      { uuid: otherUuid, queue: 'linux', tags: ['os=linux'], priority: 5 },
    ],
  });
  admin = new SandboxAdmin(sandbox.url);
});
afterEach(() => sandbox.close());

const body = { name: 'tester', meta_data: ['queue=default'] };

describe('register', () => {
  test('answers what the open source agent reads', async () => {
    const answer = await call(sandbox, 'POST', '/register', { token: clusterToken, body });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      name: 'tester',
      endpoint: `${sandbox.url}/v3`,
      ping_interval: 1,
      job_status_interval: 1,
      heartbeat_interval: 60,
      meta_data: ['queue=default'],
      request_headers: {},
    });
  });

  test('is refused without the agent token of the cluster', async () => {
    expect(await call(sandbox, 'POST', '/register', { body })).toMatchObject({ status: 401 });
    for (const token of ['other', 'bkct_x'])
      expect(await call(sandbox, 'POST', '/register', { token, body })).toMatchObject({
        status: 401,
        message: 'No agent token of a cluster',
      });
    expect(await admin.buildkiteAgents()).toEqual([]);
  });

  test.each([
    [{ meta_data: [] }, 422, /name/],
    [{ name: 'a', meta_data: 'queue=default' }, 422, /meta_data/],
    [{ name: 'a', meta_data: ['queue=none'] }, 422, /no queue "none"/],
  ])('of %j is refused with %i', async (wrong, status, message) => {
    const answer = await call(sandbox, 'POST', '/register', { token: clusterToken, body: wrong });
    expect(answer.status).toBe(status);
    expect(answer.message).toMatch(message);
  });

  test('of what is no JSON is refused with 400', async () => {
    const answer = await call(sandbox, 'POST', '/register', {
      token: clusterToken,
      body: Buffer.from('{'),
    });
    expect(answer).toMatchObject({ status: 400, message: 'The body is no JSON' });
  });

  test('puts an agent that names no queue in the default one', async () => {
    await TestAgent.register(sandbox, { meta_data: ['os=linux'] });
    expect(await admin.buildkiteAgents()).toMatchObject([
      { state: 'registered', tags: ['os=linux', 'queue=default'] },
    ]);
  });
});

describe('ping', () => {
  const pinged = async (agent: TestAgent) => (await agent.ping()).json;

  test('gives the same job again until it is accepted, and no other', async () => {
    const agent = await TestAgent.connect(sandbox);
    expect(await pinged(agent)).toMatchObject({ action: '', job: { id: uuid, state: 'assigned' } });
    expect(await pinged(agent)).toMatchObject({ job: { id: uuid } });
    const accepted = await agent.call('PUT', `/jobs/${uuid}/accept`);
    expect(accepted.json).toMatchObject({ id: uuid, state: 'accepted' });
    await admin.createBuildkiteJob({});
    expect(await pinged(agent)).toEqual({ action: '' });
    await agent.start(uuid);
    await agent.finish(uuid);
    expect(await pinged(agent)).toHaveProperty('job');
  });

  test('gives a job only to an agent with all the tags that it asks for', async () => {
    const half = await TestAgent.connect(sandbox, { meta_data: ['queue=linux'] });
    expect(await pinged(half)).toEqual({ action: 'idle' });
    const both = await TestAgent.connect(sandbox, { meta_data: ['queue=linux', 'os=linux'] });
    expect(await pinged(both)).toMatchObject({ job: { id: otherUuid } });
  });

  test('gives a job to one agent', async () => {
    const first = await TestAgent.connect(sandbox);
    const second = await TestAgent.connect(sandbox);
    expect(await pinged(first)).toHaveProperty('job');
    expect(await pinged(second)).toEqual({ action: 'idle' });
  });

  test('gives the job of the highest priority first', async () => {
    await admin.createBuildkiteJob({ priority: -1 });
    const urgent = await admin.createBuildkiteJob({ priority: 9 });
    const agent = await TestAgent.connect(sandbox);
    expect(await pinged(agent)).toMatchObject({ job: { id: urgent.uuid } });
  });

  test('gives nothing to an agent that ignores dispatches, has not connected, or is told to pause', async () => {
    const ignoring = await TestAgent.connect(sandbox, { ignore_in_dispatches: true });
    expect(await pinged(ignoring)).toEqual({ action: 'idle' });
    const unconnected = await TestAgent.register(sandbox);
    expect(await pinged(unconnected)).toEqual({ action: 'idle' });
    const agent = await TestAgent.connect(sandbox);
    await admin.instructBuildkiteAgent({ id: agent.id, action: 'pause', message: 'lunch' });
    expect(await pinged(agent)).toEqual({ action: 'pause', message: 'lunch' });
    await admin.instructBuildkiteAgent({ id: agent.id, action: 'disconnect' });
    expect(await pinged(agent)).toEqual({ action: 'disconnect' });
    await admin.instructBuildkiteAgent({ id: agent.id, endpoint: 'http://elsewhere.test/v3' });
    expect(await pinged(agent)).toMatchObject({
      endpoint: 'http://elsewhere.test/v3',
      job: { id: uuid, endpoint: 'http://elsewhere.test/v3' },
    });
  });

  test('gives nothing of a queue that is paused', async () => {
    await admin.pauseBuildkiteQueue('default', true);
    const agent = await TestAgent.connect(sandbox);
    expect(await pinged(agent)).toEqual({ action: 'idle' });
    await admin.pauseBuildkiteQueue('default', false);
    expect(await pinged(agent)).toHaveProperty('job');
  });

  test('a job that is not accepted within a minute goes back', async () => {
    const slow = await TestAgent.connect(sandbox);
    await slow.ping();
    sandbox.clock.skip(60);
    const quick = await TestAgent.connect(sandbox);
    expect(await pinged(quick)).toMatchObject({ job: { id: uuid } });
    expect(await slow.call('PUT', `/jobs/${uuid}/accept`)).toMatchObject({ status: 422 });
    expect((await quick.call('PUT', `/jobs/${uuid}/accept`)).status).toBe(200);
  });
});

test('a heartbeat is answered with the time', async () => {
  const agent = await TestAgent.connect(sandbox);
  const sent_at = sandbox.clock.iso();
  const answer = await agent.call('POST', '/heartbeat', { body: { sent_at } });
  expect(answer.json).toEqual({ sent_at, received_at: sandbox.clock.iso() });
});

describe('disconnect', () => {
  test('ends the session, and may be repeated', async () => {
    const agent = await TestAgent.connect(sandbox);
    expect((await agent.call('POST', '/disconnect')).status).toBe(200);
    expect((await agent.call('POST', '/disconnect')).status).toBe(200);
    expect((await agent.heartbeat()).status).toBe(401);
    expect((await agent.ping()).status).toBe(401);
    expect((await agent.call('POST', '/connect')).status).toBe(401);
    expect(await admin.buildkiteAgents()).toMatchObject([{ state: 'disconnected' }]);
    expect(await admin.ledger({ action: 'Disconnect', effective: true })).toHaveLength(1);
  });

  test('takes the job from the agent: one that it had not accepted goes back, another has failed', async () => {
    const first = await TestAgent.connect(sandbox);
    await first.ping();
    await first.call('POST', '/disconnect');
    expect(await admin.buildkiteJob(uuid)).toMatchObject({ state: 'scheduled' });
    const second = await TestAgent.connect(sandbox);
    await second.begin(uuid);
    await second.call('POST', '/disconnect');
    expect(await admin.buildkiteJob(uuid)).toMatchObject({
      state: 'finished',
      exitStatus: '-1',
      endedBy: 'buildkite',
    });
  });
});

test('headers that register hands out are required from then on', async () => {
  await sandbox.close();
  sandbox = await buildkiteSandbox({
    requestHeaders: { 'Buildkite-Route': 'a' },
    jobs: [{ uuid }],
  });
  const careless = await TestAgent.register(sandbox);
  expect(await careless.call('POST', '/connect')).toMatchObject({ status: 400 });
  const careful = await TestAgent.register(sandbox, {}, { 'Buildkite-Route': 'a' });
  expect((await careful.call('POST', '/connect')).status).toBe(200);
  await careful.begin(uuid);
  expect(
    await careful.call('GET', `/jobs/${uuid}`, { headers: { 'Buildkite-Route': 'b' } }),
  ).toMatchObject({
    status: 400,
  });
  expect((await careful.state(uuid)).status).toBe(200);
});

test('what Buildkite does not have is 404', async () => {
  const agent = await TestAgent.connect(sandbox);
  expect(await agent.call('GET', '/coffee')).toMatchObject({
    status: 404,
    message: 'No GET /v3/coffee',
  });
});
