import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { JobHandle } from '../../src/client/index.js';
import { account, region, until } from '../builds/scenario.js';
import {
  type JobsScenario,
  type JobsStage,
  behaving,
  madeUp,
  setBuildkiteStage,
} from './scenario.js';
import { hasten } from './trouble.js';

hasten();

let uuid: string;
beforeEach(() => (uuid = randomUUID()));

const cancelled = { exitStatus: '-1', signal: 'SIGTERM', signalReason: 'cancel' };

interface Begun extends JobsStage {
  job: JobHandle;
}

/** A job whose build behaves so, begun by hand. */
async function begin(behaviour: object, scenario: JobsScenario = {}): Promise<Begun> {
  const env = { CB_PROJECT_NAME: madeUp, ...behaving(behaviour) };
  const stage = await setBuildkiteStage({ jobs: [{ uuid, env }], ...scenario });
  const { nightshift, config } = stage;
  return { ...stage, job: await nightshift.buildkite.runJob(uuid, { setup: { config } }) };
}

async function untilBuild({ admin }: JobsStage, is: { phase?: string; status?: string }) {
  await until(async () => {
    const [build] = await admin.builds();
    const matches =
      build && Object.entries(is).every(([key, value]) => build[key as 'phase'] === value);
    return matches || undefined;
  });
}

/** That a job ended as one that was cancelled, and that it left nothing behind. */
async function expectCancelled(stage: Begun, builds: string[]) {
  const { admin, sandbox, job: handle } = stage;
  expect(await handle.result()).toMatchObject({ outcome: 'cancelled', exitStatus: -1 });
  const job = await admin.buildkiteJob(uuid);
  expect(job).toMatchObject({ ...cancelled, state: 'canceled', endedBy: 'agent' });
  const left = await admin.builds();
  expect(left.map(({ status }) => status)).toEqual(builds);
  const parameter = `/nightshift/buildkite/jobs/${uuid}`;
  expect(sandbox.services.ssm.target(account.id, region).has(parameter)).toBe(false);
  const agent = (await admin.buildkiteAgents()).find(({ id }) => id === job.agent);
  expect(agent?.state).toBe('disconnected');
  if (!left[0]) return;
  const { bytes, sha256 } = await admin.buildLog(left[0].id);
  expect(job.log).toMatchObject({ bytes, sha256 });
  expect(job.bytesAtFinish).toBe(bytes);
}

describe('a job that is cancelled', () => {
  test('before it has begun is not begun', async () => {
    const stage = await setBuildkiteStage({ jobs: [{ uuid }] });
    const { admin, nightshift, config } = stage;
    await admin.addFault({
      kind: 'loseResponse',
      when: 'before',
      share: 1,
      service: 'buildkite',
      actions: ['StartJob'],
    });
    const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
    await until(async () => (await admin.ledger({ action: 'StartJob' })).length > 0 || undefined);
    await admin.cancelBuildkiteJob(uuid);
    await admin.clearFaults();
    await expectCancelled({ ...stage, job }, []);
  });

  test('before an agent has it is left alone, with a reason', async () => {
    const stage = await setBuildkiteStage({ jobs: [{ uuid }] });
    await stage.admin.cancelBuildkiteJob(uuid);
    await expect(stage.run(uuid)).rejects.toThrow(`job ${uuid} is another agent’s, or over`);
    expect(await stage.admin.builds()).toEqual([]);
    const agents = await stage.admin.buildkiteAgents();
    expect(agents.map(({ state }) => state)).toEqual(['disconnected']);
  });

  test('while there is no room for a build has none', async () => {
    const full = { account: account.name, region, name: madeUp, concurrentBuildLimit: 1 };
    const other = randomUUID();
    const env = { CB_PROJECT_NAME: madeUp, ...behaving({ phases: { BUILD: 1e6 } }) };
    const stage = await setBuildkiteStage({
      fleet: { projects: [full] },
      jobs: [
        { uuid: other, env },
        { uuid, env },
      ],
    });
    const { nightshift, config, sandbox } = stage;
    const first = await nightshift.buildkite.runJob(other, { setup: { config } });
    await untilBuild(stage, { phase: 'BUILD' });
    const job = await nightshift.buildkite.runJob(uuid, { setup: { config } });
    const outcome = 'AccountLimitExceededException';
    await until(() => sandbox.ledger.entries({ action: 'StartBuild', outcome })[0]);
    await stage.admin.cancelBuildkiteJob(uuid);
    await job.result();
    expect(await stage.admin.buildkiteJob(uuid)).toMatchObject({ ...cancelled, state: 'canceled' });
    expect(await stage.admin.builds()).toHaveLength(1);
    await first.cancel();
    await first.result();
  });

  test.each([
    ['queued', { queueSeconds: 1e6 }, 'QUEUED'],
    ['given a machine', { provisioningSeconds: 1e6 }, 'PROVISIONING'],
    ['at work', { phases: { BUILD: 1e6 }, log: { everySeconds: 1 } }, 'BUILD'],
  ])('while its build is %s has it stopped, and its log drained', async (_, behaviour, phase) => {
    const stage = await begin(behaviour);
    await untilBuild(stage, { phase });
    await stage.admin.cancelBuildkiteJob(uuid);
    await expectCancelled(stage, ['STOPPED']);
    expect(stage.sandbox.ledger.entries({ action: 'StopBuild', effective: true })).toHaveLength(1);
  });

  test('while the log of its build is drained is one that was cancelled', async () => {
    const stage = await begin({ phases: { BUILD: 2_000 } });
    const { admin, sandbox } = stage;
    await untilBuild(stage, { phase: 'BUILD' });
    // A log that is refused is not read to its end: so it is until the job was cancelled.
    await admin.addFault({ kind: 'denyActions', service: 'logs', actions: ['GetLogEvents'] });
    await admin.skip(2_000);
    await untilBuild(stage, { status: 'SUCCEEDED' });
    await admin.cancelBuildkiteJob(uuid);
    await until(() => sandbox.ledger.entries({ action: 'StopBuild' })[0]);
    await admin.clearFaults();
    await expectCancelled(stage, ['SUCCEEDED']);
  });

  test('while its worker is away is stopped by the next', async () => {
    const stage = await begin(
      { phases: { BUILD: 1e6 } },
      { fleetBuildkite: { lostAfterSeconds: 10_000, giveAwayAfterSeconds: 20_000 } },
    );
    await untilBuild(stage, { phase: 'BUILD' });
    await stage.stopWorker();
    await stage.admin.cancelBuildkiteJob(uuid);
    await stage.startWorker();
    await expectCancelled(stage, ['STOPPED']);
  });
});

test('a job whose workflow is cancelled stops its build, and tells Buildkite that the agent stopped', async () => {
  const stage = await begin({ phases: { BUILD: 1e6 } });
  await untilBuild(stage, { phase: 'BUILD' });
  await stage.job.cancel();
  const end = { signal: 'SIGTERM', signalReason: 'agent_stop' };
  expect(await stage.job.result()).toMatchObject({ ...end, exitStatus: -1, outcome: 'finished' });
  const job = await stage.admin.buildkiteJob(uuid);
  expect(job).toMatchObject({ ...end, state: 'finished', endedBy: 'agent', exitStatus: '-1' });
  expect((await stage.admin.builds()).map(({ status }) => status)).toEqual(['STOPPED']);
  expect(await stage.admin.buildkiteJobLog(uuid)).toMatch(/Nightshift: .*cancelled/s);
});

test('a job that is cancelled again and again stops its build once', async () => {
  const stage = await begin(
    { phases: { BUILD: 1e6 } },
    { fleet: { codebuild: { stopSeconds: 30 } } },
  );
  await untilBuild(stage, { phase: 'BUILD' });
  await stage.admin.cancelBuildkiteJob(uuid);
  await until(() => stage.sandbox.ledger.entries({ action: 'StopBuild' }).length > 0 || undefined);
  await stage.job.cancel();
  await stage.job.cancel();
  expect(await stage.job.result()).toMatchObject({ outcome: 'cancelled' });
  expect(stage.sandbox.ledger.entries({ action: 'StopBuild', effective: true })).toHaveLength(1);
});
