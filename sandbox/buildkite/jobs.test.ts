import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { buildkiteSandbox, call, clusterToken, otherUuid, TestAgent, uuid } from './testing.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;
let agent: TestAgent;

async function begin(settings: Parameters<typeof buildkiteSandbox>[0] = {}): Promise<void> {
  sandbox = await buildkiteSandbox({
    jobs: [{ uuid, command: 'make', env: { A: 'b' }, timeoutSeconds: 600 }, { uuid: otherUuid }],
    ...settings,
  });
  admin = new SandboxAdmin(sandbox.url);
  agent = await TestAgent.connect(sandbox, { ignore_in_dispatches: true });
}
beforeEach(() => begin());
afterEach(() => sandbox.close());

const stateOf = async (job: string) => (await admin.buildkiteJob(job)).state;

test('a job is acquired, started, logged and finished by its agent', async () => {
  const acquired = await agent.acquire(uuid);
  expect(acquired).toMatchObject({
    status: 200,
    json: {
      id: uuid,
      state: 'accepted',
      env: {
        A: 'b',
        BUILDKITE_COMMAND: 'make',
        BUILDKITE_AGENT_ID: agent.id,
        BUILDKITE_AGENT_META_DATA_QUEUE: 'default',
        BUILDKITE_TIMEOUT: '10',
      },
      chunks_max_size_bytes: 102_400,
      chunks_interval_seconds: 1,
      log_max_size_bytes: 1_073_741_824,
    },
  });
  expect((await agent.start(uuid)).status).toBe(200);
  expect((await agent.state(uuid)).json).toEqual({ id: uuid, state: 'running' });
  expect((await agent.chunk(uuid, 1, 0, 'hello\n')).status).toBe(200);
  const end = { exit_status: '3', signal: 'SIGTERM', signal_reason: 'agent_stop' };
  expect((await agent.finish(uuid, { ...end, chunks_failed_count: 2 })).status).toBe(200);
  expect(await admin.buildkiteJob(uuid)).toMatchObject({
    state: 'finished',
    exitStatus: '3',
    signal: 'SIGTERM',
    signalReason: 'agent_stop',
    chunksFailedCount: 2,
    endedBy: 'agent',
    agent: agent.id,
    bytesAtFinish: 6,
    refusals: [],
  });
});

describe('acquire', () => {
  test('says the same to the same agent, whose answer was lost', async () => {
    const first = await agent.acquire(uuid);
    expect((await agent.acquire(uuid, { 'X-Buildkite-Backoff-Sequence': '1' })).json).toEqual(
      first.json,
    );
    expect((await admin.buildkiteJob(uuid)).backoffSequences).toEqual([0, 1]);
    expect(await admin.ledger({ action: 'AcquireJob', effective: true })).toHaveLength(1);
    await agent.start(uuid);
    expect(await agent.acquire(uuid)).toMatchObject({ status: 422, message: /it is running/ });
  });

  test('is refused to another agent', async () => {
    await agent.acquire(uuid);
    const other = await TestAgent.connect(sandbox);
    expect(await other.acquire(uuid)).toMatchObject({ status: 422, message: /it is accepted/ });
    expect((await other.acquire(otherUuid)).status).toBe(200);
    const why = `Job ${uuid} can't be acquired: it is accepted`;
    expect((await admin.buildkiteJob(uuid)).refusals).toMatchObject([
      { action: 'AcquireJob', status: 422, why },
    ]);
  });

  test('is refused to an agent that has a job', async () => {
    await agent.acquire(uuid);
    expect(await agent.acquire(otherUuid)).toMatchObject({ status: 422, message: /has job/ });
  });

  test('needs its header, a session that has connected, and a job', async () => {
    expect(await agent.acquire(uuid, { 'X-Buildkite-Lock-Acquire-Job': '' })).toMatchObject({
      status: 422,
      message: 'Expected X-Buildkite-Lock-Acquire-Job to be set to 1',
    });
    const unconnected = await TestAgent.register(sandbox);
    expect((await unconnected.acquire(uuid)).status).toBe(422);
    const withClusterToken = await call(sandbox, 'PUT', `/jobs/${uuid}/acquire`, {
      token: clusterToken,
    });
    expect(withClusterToken.status).toBe(401);
    expect((await agent.acquire('33333333-3333-4333-8333-333333333333')).status).toBe(404);
    expect(await stateOf(uuid)).toBe('scheduled');
  });

  test('answers 423 while the job waits for others, and when to try again', async () => {
    await admin.lockBuildkiteJob(uuid, true);
    const locked = await agent.acquire(uuid, { 'X-Buildkite-Backoff-Sequence': '3' });
    expect(locked).toMatchObject({
      status: 423,
      message: `Job ${uuid} is not yet eligible to be assigned`,
    });
    expect(locked.headers.get('retry-after')).toBe('8');
    await admin.lockBuildkiteJob(uuid, false);
    expect((await agent.acquire(uuid)).status).toBe(200);
    await expect(admin.lockBuildkiteJob(uuid, true)).rejects.toThrow(/is accepted/);
  });
});

describe('start', () => {
  test('needs a job that was accepted, by this agent, and is done once', async () => {
    expect((await agent.start(uuid)).status).toBe(404);
    await agent.acquire(uuid);
    const other = await TestAgent.connect(sandbox);
    expect((await other.start(uuid)).status).toBe(404);
    expect((await agent.start(uuid)).status).toBe(200);
    expect(await agent.start(uuid)).toMatchObject({ status: 422, message: /it is running/ });
  });

  test('is refused during a cancel, and the job has ended once the agent pings on', async () => {
    await agent.acquire(uuid);
    await admin.cancelBuildkiteJob(uuid);
    expect(await agent.start(uuid)).toMatchObject({ status: 422, message: /it is canceling/ });
    await agent.ping();
    expect(await stateOf(uuid)).toBe('canceled');
    expect((await agent.acquire(otherUuid)).status).toBe(200);
  });
});

describe('finish', () => {
  test.each([3, undefined, '', 'failed', '1.5', { status: 3 }])(
    'with exit_status %j is refused, and the job runs on',
    async (exit_status) => {
      await agent.begin(uuid);
      expect(await agent.finish(uuid, { exit_status })).toMatchObject({
        status: 422,
        message: /exit_status/,
      });
      expect(await stateOf(uuid)).toBe('running');
    },
  );

  test('is done once', async () => {
    await agent.begin(uuid);
    await agent.finish(uuid, { exit_status: '7' });
    expect(await agent.finish(uuid, { exit_status: '0' })).toMatchObject({
      status: 422,
      message: /it is finished/,
    });
    expect(await admin.buildkiteJob(uuid)).toMatchObject({ exitStatus: '7' });
    expect((await agent.state(uuid)).json).toMatchObject({ state: 'finished' });
  });

  test('is refused before the start, and to another agent', async () => {
    await agent.acquire(uuid);
    expect((await agent.finish(uuid)).status).toBe(422);
    await agent.start(uuid);
    const other = await TestAgent.connect(sandbox);
    expect((await other.finish(uuid)).status).toBe(404);
  });

  test('may open the agent for dispatches', async () => {
    await agent.begin(uuid);
    await agent.finish(uuid, { ignore_agent_in_dispatches: false });
    expect((await agent.ping()).json).toHaveProperty('job');
  });
});

describe('a cancel', () => {
  test('asks a running job to stop, whose agent finishes it', async () => {
    await agent.begin(uuid);
    await admin.cancelBuildkiteJob(uuid);
    expect((await agent.state(uuid)).json).toMatchObject({ state: 'canceling' });
    expect((await agent.chunk(uuid, 1, 0, 'tail')).status).toBe(200);
    await agent.finish(uuid, { exit_status: '-1', signal: 'SIGTERM', signal_reason: 'cancel' });
    expect(await admin.buildkiteJob(uuid)).toMatchObject({
      state: 'canceled',
      exitStatus: '-1',
      signal: 'SIGTERM',
      signalReason: 'cancel',
      bytesAtFinish: 4,
    });
  });

  test('that is repeated does not wait: log and finish are refused', async () => {
    await agent.begin(uuid);
    await admin.cancelBuildkiteJob(uuid);
    await admin.cancelBuildkiteJob(uuid);
    expect((await agent.state(uuid)).json).toMatchObject({ state: 'canceled' });
    expect(await agent.chunk(uuid, 1, 0, 'late')).toMatchObject({ status: 400 });
    expect((await agent.finish(uuid)).status).toBe(422);
    await expect(admin.cancelBuildkiteJob(uuid)).rejects.toThrow(/has ended/);
  });

  test('of a job that nobody has ends it at once', async () => {
    await admin.cancelBuildkiteJob(uuid);
    expect(await stateOf(uuid)).toBe('canceled');
    expect((await agent.acquire(uuid)).status).toBe(422);
  });

  test('is told by 401 where the fleet says so', async () => {
    await sandbox.close();
    await begin({ cancelAnswers: '401' });
    await agent.begin(uuid);
    expect((await agent.state(uuid)).status).toBe(200);
    await admin.cancelBuildkiteJob(uuid);
    expect((await agent.state(uuid)).status).toBe(401);
    expect((await agent.finish(uuid)).status).toBe(200);
  });
});

describe('a timeout', () => {
  test('comes by itself, from the start on', async () => {
    await agent.begin(uuid);
    for (let skipped = 0; skipped < 600; skipped += 120) {
      expect((await agent.state(uuid)).json).toMatchObject({ state: 'running' });
      await agent.heartbeat();
      sandbox.clock.skip(120);
    }
    expect((await agent.state(uuid)).json).toMatchObject({ state: 'timing_out' });
    await agent.finish(uuid, { exit_status: '-1', signal: 'SIGTERM', signal_reason: 'cancel' });
    expect(await stateOf(uuid)).toBe('timed_out');
  });

  test('can be asked for, and not wait', async () => {
    await agent.begin(uuid);
    await admin.timeOutBuildkiteJob(uuid);
    expect(await stateOf(uuid)).toBe('timing_out');
    await admin.timeOutBuildkiteJob(uuid);
    expect((await agent.state(uuid)).json).toMatchObject({ state: 'timed_out' });
  });

  test('does not touch a job that has finished', async () => {
    await agent.begin(uuid);
    await agent.finish(uuid);
    sandbox.clock.skip(3600);
    expect(await stateOf(uuid)).toBe('finished');
  });
});

describe('a token of the job', () => {
  beforeEach(async () => {
    await sandbox.close();
    await begin({ jobTokens: true });
  });

  test('is what start, state, chunks and finish need, until the job has ended', async () => {
    const { token = '' } = await agent.begin(uuid);
    expect(token).not.toBe('');
    expect((await agent.state(uuid, token)).json).toMatchObject({ state: 'running' });
    expect((await agent.state(uuid)).status).toBe(401);
    expect((await agent.finish(uuid)).status).toBe(401);
    const finish = { token, body: { exit_status: '0' } };
    expect((await agent.call('PUT', `/jobs/${uuid}/finish`, finish)).status).toBe(200);
    expect((await agent.call('PUT', `/jobs/${uuid}/finish`, finish)).status).toBe(401);
    expect(await admin.buildkiteSecrets()).toEqual(
      expect.arrayContaining([clusterToken, agent.token, token]),
    );
  });

  test('is of that job alone', async () => {
    const { token = '' } = await agent.begin(uuid);
    const other = await TestAgent.connect(sandbox);
    await other.begin(otherUuid);
    expect((await other.state(otherUuid, token)).status).toBe(401);
  });

  test('dies with its agent', async () => {
    const { token = '' } = await agent.begin(uuid);
    sandbox.clock.skip(180);
    expect((await agent.state(uuid, token)).status).toBe(401);
  });
});
