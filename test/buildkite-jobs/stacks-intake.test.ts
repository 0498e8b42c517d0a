import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../builds/scenario.js';
import { StacksApi } from '../../src/buildkite/index.js';
import {
  type JobsScenario,
  type JobsStage,
  agentToken,
  behaving,
  madeUp,
  newQueue,
  setBuildkiteStage,
  sharedBuildkiteStage,
} from './scenario.js';
import { hasten } from './trouble.js';

hasten();

let uuid: string;
beforeEach(() => (uuid = randomUUID()));

const endless = { CB_PROJECT_NAME: madeUp, ...behaving({ phases: { BUILD: 1e6 } }) };

function endlessJobs(count: number) {
  return Array.from({ length: count }, () => ({ uuid: randomUUID(), env: endless }));
}

const seldom = sharedBuildkiteStage({
  intake: 'stacks',
  config: { builds: { pollInterval: '1m' } },
  speed: 1,
});
beforeAll(async () => {
  const { nightshift, config, sandbox } = seldom();
  await nightshift.buildkite.serve({ config });
  await until(() => sandbox.ledger.entries({ action: 'StackScheduledJobs' })[0]);
});

async function serve(scenario: JobsScenario): Promise<JobsStage> {
  const stage = await setBuildkiteStage({ intake: 'stacks', ...scenario });
  await stage.nightshift.buildkite.serve({ config: stage.config });
  return stage;
}

/** Looks until so many jobs are in a state, and says which. */
function untilIn({ admin }: JobsStage, state: string, count: number): Promise<string[]> {
  return until(async () => {
    const jobs = await admin.buildkiteJobs({ state });
    return jobs.length === count ? jobs.map(({ uuid: id }) => id) : undefined;
  });
}

async function end(stage: JobsStage) {
  const { admin, nightshift, queue } = stage;
  await nightshift.buildkite.stop(queue);
  for (const state of ['reserved', 'running', 'accepted'])
    for (const job of await admin.buildkiteJobs({ state }))
      await admin.cancelBuildkiteJob(job.uuid);
  await until(
    async () => (await admin.buildkiteJobs({ state: 'canceling' })).length === 0 || undefined,
  );
}

function stackOf({ queue }: JobsStage): string {
  return `nightshift-${queue}`;
}

test('jobs beyond the slots are reserved as far ahead as configured, and the waiting is shown', async () => {
  const stage = await serve({
    jobs: endlessJobs(5),
    queueConfig: { concurrency: 1, ahead: 2 },
  });
  const { admin, nightshift, queue } = stage;
  await untilIn(stage, 'running', 1);
  const waiting = await untilIn(stage, 'reserved', 2);
  await untilIn(stage, 'scheduled', 2);
  await until(
    async () => (await nightshift.buildkite.status())[0]?.waiting.length === 2 || undefined,
  );
  const [status] = await nightshift.buildkite.status();
  expect(status).toMatchObject({ queue, intake: 'stacks', concurrency: 1, waiting });
  for (const id of waiting) {
    const { reservation, notifications } = await admin.buildkiteJob(id);
    expect(reservation?.stack).toBe(stackOf(stage));
    expect(notifications.map(({ detail }) => detail)).toEqual([
      'Nightshift: waiting for a free slot, 1 of 1 are taken',
    ]);
  }
  await end(stage);
});

test('a job that waits goes as soon as a slot is free, and another is reserved in its place', async () => {
  const stage = await serve({ jobs: endlessJobs(3), queueConfig: { concurrency: 1, ahead: 1 } });
  const [first] = await untilIn(stage, 'running', 1);
  const [second] = await untilIn(stage, 'reserved', 1);
  const [third] = await untilIn(stage, 'scheduled', 1);
  await stage.admin.cancelBuildkiteJob(first!);
  await until(
    async () => (await stage.admin.buildkiteJob(second!)).state === 'running' || undefined,
  );
  await until(
    async () => (await stage.admin.buildkiteJob(third!)).state === 'reserved' || undefined,
  );
  await end(stage);
});

describe('a reservation', () => {
  test('is extended for as long as its job waits, well before it expires', async () => {
    const stage = await serve({
      jobs: endlessJobs(2),
      queueConfig: { concurrency: 1 },
      buildkite: { reservation: '3s' },
      // However seldom builds are looked at.
      config: { builds: { pollInterval: '5s' } },
      // It is extended by real time, and expires by the sandbox's: however slow the machine, it hasn't yet.
      speed: 0.1,
    });
    const { admin } = stage;
    const [waiting] = await untilIn(stage, 'reserved', 1);
    const untils = new Set<string>();
    await until(async () => {
      const { reservation, state } = await admin.buildkiteJob(waiting!);
      expect(state).toBe('reserved');
      untils.add(reservation?.until ?? '');
      return untils.size > 4 || undefined;
    });
    // Builds take their time to stop.
    const passing = setInterval(() => stage.sandbox.clock.skip(1), 200);
    await end(stage).finally(() => clearInterval(passing));
  });

  test('that has expired while nobody looked is taken again, and its job runs once', async () => {
    const [one, two] = endlessJobs(2);
    const stage = await serve({
      jobs: [one!, two!],
      queueConfig: { concurrency: 1 },
      fleetBuildkite: { lostAfterSeconds: 10_000, giveAwayAfterSeconds: 20_000 },
    });
    const { admin } = stage;
    const [first] = await untilIn(stage, 'running', 1);
    const [second] = await untilIn(stage, 'reserved', 1);
    // One that is cancelled before its build has begun has none.
    await until(async () => (await admin.builds()).length === 1 || undefined);
    await stage.stopWorker();
    await admin.skip(1_000);
    expect((await admin.buildkiteJob(second!)).state).toBe('scheduled');
    await stage.startWorker();
    await until(async () => (await admin.buildkiteJob(second!)).state === 'reserved' || undefined);
    await admin.cancelBuildkiteJob(first!);
    await until(async () => (await admin.buildkiteJob(second!)).state === 'running' || undefined);
    await until(async () => (await admin.builds()).length === 2 || undefined);
    await end(stage);
    expect(await admin.builds()).toHaveLength(2);
  });
});

test('a job that was cancelled while it waited is forgotten', async () => {
  const stage = await serve({
    jobs: endlessJobs(2),
    queueConfig: { concurrency: 1 },
    buildkite: { reservation: '2s' },
    speed: 1,
  });
  const { admin, nightshift } = stage;
  const [waiting] = await untilIn(stage, 'reserved', 1);
  await until(
    async () => (await nightshift.buildkite.status())[0]?.waiting.length === 1 || undefined,
  );
  await admin.cancelBuildkiteJob(waiting!);
  await until(
    async () => (await nightshift.buildkite.status())[0]?.waiting.length === 0 || undefined,
  );
  await end(stage);
});

test('jobs that another stack has reserved are left to it', async () => {
  const queue = newQueue();
  const theirs = randomUUID();
  const stage = await setBuildkiteStage({
    queue,
    intake: 'stacks',
    jobs: [{ uuid: theirs }, { uuid }],
  });
  const stacks = new StacksApi({ endpoint: `${stage.sandbox.url}/v3`, token: agentToken });
  await stacks.register({ key: 'theirs', queue });
  expect(await stacks.reserve('theirs', [theirs])).toMatchObject({ reserved: [theirs] });
  await stage.nightshift.buildkite.serve({ config: stage.config });
  await stage.ended(uuid);
  const job = await stage.admin.buildkiteJob(theirs);
  expect([job.state, job.reservation?.stack]).toEqual(['reserved', 'theirs']);
});

test('jobs of a higher priority go first, whatever page they are on', async () => {
  const urgent = randomUUID();
  const jobs = [
    ...Array.from({ length: 1_100 }, () => ({ uuid: randomUUID() })),
    { uuid: urgent, priority: 5 },
  ];
  const stage = await serve({ jobs, queueConfig: { concurrency: 1, ahead: 0 } });
  const [first] = await until(() => {
    const acquired = stage.sandbox.ledger.entries({ action: 'AcquireJob', effective: true });
    return acquired.length > 0 ? acquired : undefined;
  });
  expect(first?.subject).toBe(urgent);
  await stage.nightshift.buildkite.stop(stage.queue);
});

test('a job for us is found behind a thousand for others', async () => {
  const others = Array.from({ length: 1_050 }, () => ({
    uuid: randomUUID(),
    tags: ['os=windows'],
  }));
  const stage = await serve({
    jobs: [...others, { uuid, tags: ['os=linux'] }],
    queueConfig: { tags: ['os=linux'] },
  });
  expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
  expect(stage.sandbox.ledger.entries({ action: 'AcquireJob' })).toHaveLength(1);
});

test('a queue that a person has paused is asked about, and has no job begun', async () => {
  const stage = await setBuildkiteStage({ intake: 'stacks', jobs: [{ uuid }] });
  const { admin, nightshift, config, queue, sandbox } = stage;
  await admin.pauseBuildkiteQueue(queue, true);
  await nightshift.buildkite.serve({ config });
  await until(
    () => sandbox.ledger.entries({ action: 'StackScheduledJobs' }).length > 3 || undefined,
  );
  expect((await admin.buildkiteJob(uuid)).state).toBe('scheduled');
  await admin.pauseBuildkiteQueue(queue, false);
  expect(await stage.ended(uuid)).toMatchObject({ exitStatus: 0 });
});

test('a queue that is stopped gives its stack back; a job that was reserved goes to whoever asks next', async () => {
  const stage = await serve({ jobs: endlessJobs(2), queueConfig: { concurrency: 1 } });
  const { admin, nightshift, queue, config } = stage;
  const [running] = await untilIn(stage, 'running', 1);
  const [waiting] = await untilIn(stage, 'reserved', 1);
  await nightshift.buildkite.stop(queue);
  await until(async () => (await admin.buildkiteStacks()).length === 0 || undefined);
  await admin.cancelBuildkiteJob(running!);
  await until(async () => (await admin.buildkiteJob(running!)).state === 'canceled' || undefined);
  await delay(500);
  expect((await admin.buildkiteJob(waiting!)).state).toBe('reserved');
  await admin.skip(1_000);
  await nightshift.buildkite.serve({ config });
  await until(async () => (await admin.buildkiteJob(waiting!)).state === 'running' || undefined);
  await end(stage);
});

describe('a job that is found in several ways', () => {
  test('by both intakes and by hand at once has one workflow and one build', async () => {
    const jobs = Array.from({ length: 6 }, () => ({ uuid: randomUUID(), command: 'sleep 0.2' }));
    const stage = await setBuildkiteStage({ jobs });
    const { nightshift, config, admin, sandbox } = stage;
    const asStack = { ...config, buildkite: { ...config.buildkite!, intake: 'stacks' as const } };
    await nightshift.buildkite.serve({ config });
    // Whoever looked as an agent now looks as a stack, with jobs on their way.
    await until(() => sandbox.ledger.entries({ action: 'AcceptJob' })[0]);
    await nightshift.buildkite.serve({ config: asStack });
    await Promise.all(
      jobs.map(async (job) => {
        const handle = await nightshift.buildkite.runJob(job.uuid, { setup: { config } });
        expect(await handle.result()).toMatchObject({ exitStatus: 0 });
      }),
    );
    for (const job of jobs) {
      expect(
        sandbox.ledger.entries({ action: 'FinishJob', subject: job.uuid, effective: true }),
      ).toHaveLength(1);
      expect((await admin.buildkiteJob(job.uuid)).endedBy).toBe('agent');
    }
    const built = (await admin.builds()).map(({ env }) => env['BUILDKITE_JOB_ID']?.value);
    expect(built.sort()).toEqual(jobs.map((job) => job.uuid).sort());
  });
});

test('a queue never shows as disconnected, however seldom its builds are looked at', async () => {
  const { admin, sandbox, queue, nightshift } = seldom();
  // Fifteen seconds apart; most of the time, the tests before this one have taken them.
  await until(() => sandbox.ledger.entries({ action: 'StackScheduledJobs' })[2]);
  const [stack] = await admin.buildkiteStacks();
  expect(stack).toMatchObject({ queue, state: 'connected', gaps: 0 });
  await nightshift.buildkite.stop(queue);
});
