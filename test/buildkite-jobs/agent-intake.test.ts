import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { startKillableWorker } from '../builds/killable-worker.js';
import { account, region, until } from '../builds/scenario.js';
import {
  type JobsStage,
  behaving,
  madeUp,
  newQueue,
  patient,
  project,
  setBuildkiteStage,
} from './scenario.js';
import { hasten } from './trouble.js';

hasten();

let uuid: string;
beforeEach(() => (uuid = randomUUID()));

const endless = { CB_PROJECT_NAME: madeUp, ...behaving({ phases: { BUILD: 1e6 } }) };

function endlessJobs(count: number) {
  return Array.from({ length: count }, () => ({ uuid: randomUUID(), env: endless }));
}

function statesOf({ admin }: JobsStage): Promise<string[]> {
  return admin.buildkiteJobs().then((jobs) => jobs.map(({ state }) => state));
}

async function untilRunning(stage: JobsStage, count: number) {
  await until(async () => {
    const running = (await statesOf(stage)).filter((state) => state === 'running');
    return running.length === count || undefined;
  });
}

/** The agent of ours that asks for work. */
function asking({ admin }: JobsStage, not: string[] = []) {
  return until(async () => {
    const agents = await admin.buildkiteAgents();
    return agents.find(
      ({ id, state, ignoresDispatches, pings }) =>
        state === 'connected' && !ignoresDispatches && pings > 0 && !not.includes(id),
    );
  });
}

async function endAll(stage: JobsStage) {
  const { admin } = stage;
  for (const job of await admin.buildkiteJobs())
    if (!['finished', 'canceled'].includes(job.state)) await admin.cancelBuildkiteJob(job.uuid);
  await until(
    async () =>
      (await statesOf(stage)).every((state) => /finished|canceled/.test(state)) || undefined,
  );
}

test('a queue begins as many jobs as it has slots; the others stay where every agent can have them', async () => {
  const stage = await setBuildkiteStage({ jobs: endlessJobs(4), queueConfig: { concurrency: 2 } });
  const { nightshift, config, admin, queue } = stage;
  await nightshift.buildkite.serve({ config });
  await untilRunning(stage, 2);
  // More than another ping would take.
  await delay(2_500);
  expect((await statesOf(stage)).sort()).toEqual(['running', 'running', 'scheduled', 'scheduled']);
  const [status] = await nightshift.buildkite.status();
  expect(status).toMatchObject({ queue, concurrency: 2, state: 'taking', begun: 2, waiting: [] });
  expect(status?.running).toHaveLength(2);

  const [first = ''] = status?.running ?? [];
  await admin.cancelBuildkiteJob(first);
  await until(async () => (await nightshift.buildkite.status())[0]?.begun === 3 || undefined);
  await untilRunning(stage, 2);
  await until(async () => {
    const living = (await admin.builds()).filter(({ status }) => status === 'IN_PROGRESS');
    return living.length === 2 || undefined;
  });
  await nightshift.buildkite.stop(queue);
  await endAll(stage);
});

test('an agent has its queue’s tags, and is given no job that asks for others', async () => {
  const [mine, other] = [randomUUID(), randomUUID()];
  const stage = await setBuildkiteStage({
    queueConfig: { tags: ['os=linux', 'size=large'] },
    jobs: [
      { uuid: other, tags: ['os=windows'] },
      { uuid: mine, tags: ['size=large', 'os=linux'] },
    ],
  });
  await stage.nightshift.buildkite.serve({ config: stage.config });
  await stage.ended(mine);
  const agent = await asking(stage);
  expect(agent.tags).toEqual([`queue=${stage.queue}`, 'os=linux', 'size=large']);
  expect((await stage.admin.buildkiteJob(other)).state).toBe('scheduled');
});

test('jobs of a higher priority go first', async () => {
  const uuids = Array.from({ length: 3 }, () => randomUUID());
  const stage = await setBuildkiteStage({
    queueConfig: { concurrency: 1 },
    jobs: uuids.map((id, priority) => ({ uuid: id, priority })),
  });
  await stage.nightshift.buildkite.serve({ config: stage.config });
  for (const id of uuids) await stage.ended(id);
  const accepted = stage.sandbox.ledger.entries({ action: 'AcceptJob', effective: true });
  expect(accepted.map(({ subject }) => subject)).toEqual([...uuids].reverse());
});

test('an agent that a person pauses takes no job until it is let go on', async () => {
  const stage = await setBuildkiteStage({ config: patient });
  const { admin, nightshift, config, queue } = stage;
  await nightshift.buildkite.serve({ config });
  const { id } = await asking(stage);
  await admin.instructBuildkiteAgent({ id, action: 'pause', message: 'lunch' });
  await admin.createBuildkiteJob({ uuid, queue });
  const { pings } = (await admin.buildkiteAgents()).find((agent) => agent.id === id)!;
  await until(
    async () =>
      (await admin.buildkiteAgents()).some((agent) => agent.id === id && agent.pings > pings + 1) ||
      undefined,
  );
  expect((await admin.buildkiteJob(uuid)).state).toBe('scheduled');
  await admin.instructBuildkiteAgent({ id });
  expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
});

test('an agent that is told to disconnect does, and another asks in its place', async () => {
  const stage = await setBuildkiteStage();
  const { admin, nightshift, config, queue } = stage;
  await nightshift.buildkite.serve({ config });
  const { id } = await asking(stage);
  await admin.instructBuildkiteAgent({ id, action: 'disconnect' });
  await asking(stage, [id]);
  const agents = await admin.buildkiteAgents();
  expect(agents.find((agent) => agent.id === id)?.state).toBe('disconnected');
  await admin.createBuildkiteJob({ uuid, queue });
  expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
});

test('an agent that Buildkite has lost is replaced by another', async () => {
  const stage = await setBuildkiteStage();
  const { admin, nightshift, config, queue } = stage;
  await nightshift.buildkite.serve({ config });
  const { id } = await asking(stage);
  await admin.skip(6_000);
  await asking(stage, [id]);
  await admin.createBuildkiteJob({ uuid, queue });
  expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
});

test('an agent whose worker died before it could connect is connected by the next', async () => {
  // The worker that is killed is at home in the second: it reads the agent token there.
  const stage = await setBuildkiteStage({
    fleet: { regions: [region, 'us-east-1'] },
    config: { pace: { workerTimeout: '10s' } },
  });
  const { admin, nightshift, config, queue, sandbox } = stage;
  const worker = await startKillableWorker(stage);
  await admin.addFault({ kind: 'loseResponse', actions: ['Connect'], share: 1, when: 'before' });
  await nightshift.buildkite.serve({ config });
  await until(() => sandbox.ledger.entries({ action: 'Connect' }).length > 0 || undefined);
  await worker.kill();
  await admin.clearFaults();
  await stage.startWorker();
  const { id } = await asking(stage);
  expect(sandbox.ledger.entries({ action: 'Register' }).map(({ subject }) => subject)).toEqual([
    id,
  ]);
  await admin.createBuildkiteJob({ uuid, queue });
  expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
});

describe('a queue that is stopped', () => {
  test('takes no more, says farewell, and lets what runs go on', async () => {
    const [one] = endlessJobs(1);
    const stage = await setBuildkiteStage({ jobs: [one!] });
    const { admin, nightshift, config, queue } = stage;
    await nightshift.buildkite.serve({ config });
    await untilRunning(stage, 1);
    await asking(stage);
    await nightshift.buildkite.stop(queue);
    await until(async () => (await nightshift.buildkite.status()).length === 0 || undefined);
    const agents = await admin.buildkiteAgents();
    const left = agents.filter(({ state }) => state !== 'disconnected');
    expect(left.map(({ job }) => job)).toEqual([one!.uuid]);
    await admin.createBuildkiteJob({ uuid, queue });
    expect((await admin.buildkiteJob(one!.uuid)).state).toBe('running');
    await delay(1_500);
    expect((await admin.buildkiteJob(uuid)).state).toBe('scheduled');
    await endAll(stage);
  });

  test('can be served again', async () => {
    const stage = await setBuildkiteStage({ jobs: [{ uuid }] });
    const { nightshift, config, queue } = stage;
    await nightshift.buildkite.serve({ config });
    await nightshift.buildkite.stop(queue);
    await until(async () => (await nightshift.buildkite.status()).length === 0 || undefined);
    await nightshift.buildkite.serve({ config });
    expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
  });

  test('and is not served, is named as such', async () => {
    const { nightshift } = await setBuildkiteStage();
    const queue = newQueue();
    await expect(nightshift.buildkite.stop(queue)).rejects.toMatchObject({
      code: 'NotFound',
      message: `queue ${queue} is not served`,
    });
  });
});

test('a queue that is served again with other settings takes them, and its jobs go on', async () => {
  const [one, two] = endlessJobs(2);
  const stage = await setBuildkiteStage({ jobs: [one!, two!], queueConfig: { concurrency: 1 } });
  const { nightshift, config, queue, admin } = stage;
  await nightshift.buildkite.serve({ config });
  await untilRunning(stage, 1);
  const at = { queue, account: account.name, region, project };
  const buildkite = { ...config.buildkite!, queues: [{ ...at, concurrency: 2, tags: ['a=b'] }] };
  await nightshift.buildkite.serve({ config: { ...config, buildkite } });
  await untilRunning(stage, 2);
  await asking(stage).catch(() => undefined);
  const [status] = await nightshift.buildkite.status();
  expect(status).toMatchObject({ concurrency: 2, begun: 2 });
  const second = await admin.buildkiteJob(two!.uuid);
  const agents = await admin.buildkiteAgents();
  expect(agents.find(({ id }) => id === second.agent)?.tags).toContain('a=b');
  await nightshift.buildkite.stop(queue);
  await endAll(stage);
});

test('a worker that starts says the same again, and nothing is asked anew', async () => {
  const stage = await setBuildkiteStage({ config: patient });
  const { nightshift, config, sandbox } = stage;
  await nightshift.buildkite.serve({ config });
  await asking(stage);
  for (let time = 0; time < 3; time++) await nightshift.buildkite.serve({ config });
  await delay(1_500);
  expect(sandbox.ledger.entries({ action: 'Register' })).toHaveLength(1);
});

describe('a worker that is told to stop', () => {
  test('takes no more jobs; those that run are the next worker’s, and run once', async () => {
    const command = 'for i in 1 2 3 4 5 6 7 8; do echo "line $i"; sleep 0.5; done; exit 3';
    const stage = await setBuildkiteStage({
      jobs: [{ uuid, command }],
      fleetBuildkite: { lostAfterSeconds: 1_000, giveAwayAfterSeconds: 2_000 },
    });
    const { nightshift, config, admin, sandbox, queue } = stage;
    await nightshift.buildkite.serve({ config });
    await until(async () => (await admin.buildkiteJob(uuid)).log.chunks > 0 || undefined);
    await stage.stopWorker();
    const later = randomUUID();
    await admin.createBuildkiteJob({ uuid: later, queue });
    const calls = sandbox.ledger.size;
    await delay(1_500);
    expect(sandbox.ledger.entries({ since: calls })).toEqual([]);
    expect((await admin.buildkiteJob(later)).state).toBe('scheduled');
    await stage.startWorker();
    expect(await stage.ended(uuid)).toMatchObject({ outcome: 'finished', exitStatus: 3 });
    expect(await stage.ended(later)).toMatchObject({ exitStatus: 0 });
    const job = await admin.buildkiteJob(uuid);
    const builds = await admin.builds();
    expect(builds).toHaveLength(2);
    const { bytes, sha256 } = await admin.buildLog(builds[0]!.id);
    expect(job.log).toMatchObject({ bytes, sha256, conflicts: 0 });
    expect(job.bytesAtFinish).toBe(bytes);
  });

  test('says farewell for the agent that asks', async () => {
    const stage = await setBuildkiteStage();
    await stage.nightshift.buildkite.serve({ config: stage.config });
    const { id } = await asking(stage);
    await stage.stopWorker();
    const agents = await stage.admin.buildkiteAgents();
    expect(agents.find((agent) => agent.id === id)?.state).toBe('disconnected');
  });
});

test('queues of one config are served side by side, each with its own project and slots', async () => {
  const [a, b] = [newQueue(), newQueue()];
  const at = { account: account.name, region };
  const stage = await setBuildkiteStage({
    buildkite: {
      queues: [
        { ...at, queue: a, project, concurrency: 1 },
        { ...at, queue: b, project: madeUp, concurrency: 1 },
      ],
    },
  });
  const { nightshift, config, admin } = stage;
  expect(await nightshift.buildkite.serve({ config })).toEqual([a, b]);
  const other = randomUUID();
  await admin.createBuildkiteJob({ uuid, queue: a });
  await admin.createBuildkiteJob({ uuid: other, queue: b });
  await Promise.all([stage.ended(uuid), stage.ended(other)]);
  const projects = (await admin.builds()).map((build) => [
    build.env['BUILDKITE_JOB_ID']?.value,
    build.project,
  ]);
  expect(Object.fromEntries(projects)).toEqual({ [uuid]: project, [other]: madeUp });
  const statuses = await nightshift.buildkite.status();
  expect(statuses.map(({ queue }) => queue)).toEqual([a, b].sort());
});
