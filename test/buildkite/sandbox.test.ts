import { afterEach, describe, expect, test } from 'vitest';
import { SandboxAdmin } from '../../sandbox/admin-client.js';
import { defineFleet } from '../../sandbox/fleet/load.js';
import type { FleetInput } from '../../sandbox/fleet/schema.js';
import { type Sandbox, startSandbox } from '../../sandbox/index.js';
import { AgentApi, type AgentSession, StacksApi } from '../../src/buildkite/index.js';
import { chunksOf } from '../../src/domain/buildkite/chunks.js';
import { jobId, noWaiting, refusalOf, registration } from './support/calls.js';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const otherId = '22222222-2222-4222-8222-222222222222';
const token = 'agent-token';

async function cloudOf(buildkite: FleetInput['buildkite']) {
  sandbox = await startSandbox({
    seed: 4,
    fleet: defineFleet({
      regions: ['us-east-1'],
      accounts: [{ id: '111111111111', name: 'dev-1' }],
      buildkite: { token, ...buildkite },
    }),
  });
  const endpoint = `${sandbox.url}/v3`;
  return {
    admin: new SandboxAdmin(sandbox.url),
    agents: new AgentApi({ endpoint, ...noWaiting() }),
    stacks: new StacksApi({ endpoint, token, ...noWaiting() }),
  };
}

async function connected(agents: AgentApi): Promise<AgentSession> {
  const session = await agents.register(token, registration);
  await agents.connect(session);
  return session;
}

describe.each([{ jobTokens: false }, { jobTokens: true }])('an agent, %j', ({ jobTokens }) => {
  test('runs a job from register to disconnect, headers and all', async () => {
    const { admin, agents } = await cloudOf({
      jobTokens,
      chunkBytes: 1000,
      requestHeaders: { 'Buildkite-Shard': '7' },
      jobs: [{ uuid: jobId, command: 'make', env: { COLOUR: 'blue' } }],
    });
    const session = await connected(agents);
    await agents.heartbeat(session);
    const job = await agents.acquireJob(session, jobId);
    expect(job.env).toMatchObject({ BUILDKITE_COMMAND: 'make', COLOUR: 'blue' });
    expect(job.token === undefined).toBe(!jobTokens);
    await agents.startJob(session, job, new Date());
    expect(await agents.jobState(session, job)).toBe('running');
    const log = 'one line of log, with a ✓ in it\n'.repeat(500);
    const chunks = chunksOf(Buffer.from(log), job.chunksMaxBytes);
    for (const chunk of [...chunks.toReversed(), ...chunks]) {
      await agents.uploadChunk(session, job, chunk);
    }
    await agents.setData(session, job, { key: 'build', value: 'b-1' });
    await agents.annotate(session, job, { body: 'see the build', style: 'info' });
    await agents.finishJob(session, job, { exitStatus: 3, finishedAt: new Date() });
    await agents.disconnect(session);
    const truth = await admin.buildkiteJob(jobId);
    expect(truth).toMatchObject({
      state: 'finished',
      endedBy: 'agent',
      exitStatus: '3',
      bytesAtFinish: Buffer.byteLength(log),
      log: { repeats: chunks.length, conflicts: 0, gaps: [], overlaps: [], missing: [] },
      data: { build: 'b-1' },
      refusals: [],
    });
    expect(await admin.buildkiteJobLog(jobId)).toBe(log);
    expect(await admin.buildkiteAgents()).toMatchObject([{ state: 'disconnected' }]);
  });
});

test('every call whose answer is lost is made again, and has its effect once', async () => {
  const { admin, agents } = await cloudOf({ jobs: [{ uuid: jobId }] });
  const session = await connected(agents);
  for (const actions of [['AcquireJob'], ['UploadChunk']]) {
    await admin.addFault({ kind: 'loseResponse', service: 'buildkite', actions, share: 0.5 });
  }
  const job = await agents.acquireJob(session, jobId);
  await agents.startJob(session, job, new Date());
  const log = 'line\n'.repeat(200);
  for (const chunk of chunksOf(Buffer.from(log), 50)) {
    await agents.uploadChunk(session, job, chunk);
  }
  await agents.finishJob(session, job, { exitStatus: 0, finishedAt: new Date() });
  const effective = await admin.ledger({ service: 'buildkite', subject: jobId, effective: true });
  expect(effective.filter(({ action }) => action === 'AcquireJob')).toHaveLength(1);
  expect(effective.filter(({ action }) => action === 'UploadChunk')).toHaveLength(20);
  const lost = await admin.ledger({ service: 'buildkite', outcome: 'lost' });
  expect(lost.length).toBeGreaterThan(0);
  expect(await admin.buildkiteJobLog(jobId)).toBe(log);
});

test('what Buildkite refuses is refused with its words', async () => {
  const { agents } = await cloudOf({ jobs: [{ uuid: jobId }, { uuid: otherId }] });
  const session = await connected(agents);
  const other = await connected(agents);
  const job = await agents.acquireJob(session, jobId);
  const [chunk] = chunksOf(Buffer.from('early'), 100);
  const early = await refusalOf(agents.uploadChunk(session, job, chunk!));
  expect(early).toMatchObject({ status: 400, retryable: false });
  expect(early.message).toContain("Job can't have chunks");
  expect(await refusalOf(agents.acquireJob(other, jobId))).toMatchObject({ status: 422 });
  expect(await refusalOf(agents.register('no-token', registration))).toMatchObject({ status: 401 });
});

test('jobs are listed, reserved, watched, told of and ended through the Stacks API', async () => {
  const { admin, stacks } = await cloudOf({
    jobs: [
      { uuid: jobId, tags: ['os=linux'] },
      { uuid: otherId, command: 'make' },
    ],
  });
  const key = 'nightshift-default';
  await stacks.register({ key, queue: '__default__', metadata: { version: '1' } });
  const found: string[] = [];
  for await (const page of stacks.scheduledPages(key, { queue: '_default', limit: 1, most: 5 })) {
    found.push(...page.jobs.map(({ id }) => id));
  }
  expect(found).toEqual([jobId, otherId]);
  expect(await stacks.reserve(key, [jobId, otherId, 'none'], { seconds: 60 })).toEqual({
    reserved: [jobId, otherId],
    notReserved: ['none'],
  });
  expect((await stacks.scheduledJobs(key, { queue: '__default__' })).jobs).toEqual([]);
  expect((await stacks.states(key, [jobId])).get(jobId)).toBe('reserved');
  expect(await stacks.job(key, otherId)).toMatchObject({ id: otherId, command: 'make' });
  const refused = await stacks.notify(key, [
    { jobId, detail: 'x'.repeat(5000) },
    { jobId, detail: '' },
  ]);
  expect(refused).toEqual([{ jobId, error: 'detail is required' }]);
  await stacks.finish(key, jobId, { exitStatus: -1, detail: '✓'.repeat(5000) });
  expect(await admin.buildkiteJob(jobId)).toMatchObject({ endedBy: 'stack', exitStatus: '-1' });
  await stacks.deregister(key);
  await stacks.deregister(key);
  expect(await admin.buildkiteJob(jobId)).toMatchObject({ refusals: [] });
});

test('calls keep to the rates of the Stacks API by themselves', async () => {
  const { admin, stacks } = await cloudOf({});
  await stacks.register({ key: 'k', queue: 'default' });
  await Promise.all(
    Array.from({ length: 25 }, () => stacks.scheduledJobs('k', { queue: 'default' })),
  );
  const calls = await admin.ledger({ service: 'buildkite', action: 'StackScheduledJobs' });
  // Without a pace, 15 of 25 would be refused at once; a machine that stalls may bring a few together.
  expect(calls.filter(({ outcome }) => outcome !== 'ok').length).toBeLessThan(10);
});
