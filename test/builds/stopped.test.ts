import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BuildHandle } from '../../src/client/index.js';
import { arrival, callsReach, effective } from './calls.js';
import { startKillableWorker } from './killable-worker.js';
import { digestOf, truthOf } from './logs.js';
import {
  type Stage,
  account,
  behaving,
  makeFolder,
  project,
  region,
  request,
  setStage,
  until,
} from './scenario.js';

/** A build that goes on until it is stopped, and writes all the time. */
const endless = behaving({ phases: { BUILD: 3_000 }, log: { everySeconds: 5, lateSeconds: 5 } });
const waiting = behaving({ queueSeconds: 3_000 });

async function untilPhase({ admin }: Stage, phase: string): Promise<void> {
  await until(
    async () => (await admin.builds()).some((build) => build.phase === phase) || undefined,
  );
}

async function expectNoneRuns({ admin }: Stage): Promise<void> {
  expect(await admin.builds({ status: 'IN_PROGRESS' })).toEqual([]);
}

const ways: [string, (stage: Stage, build: BuildHandle) => Promise<unknown>, string][] = [
  [
    'the workflow is cancelled',
    ({ temporal }, { workflowId = '' }) => temporal.workflow.getHandle(workflowId).cancel(),
    'the workflow was cancelled',
  ],
  ['somebody stops it', (_, build) => build.stop('not needed'), 'not needed'],
];

describe.each(ways)('%s', (_, stop, reason) => {
  test('while it runs: the build is stopped, and the result says so', async () => {
    const stage = await setStage();
    const build = await stage.nightshift.builds.run({ ...request, ...endless });
    await untilPhase(stage, 'BUILD');
    await stop(stage, build);
    const result = await build.result();
    expect(result).toMatchObject({ status: 'STOPPED', reason: `was stopped in BUILD: ${reason}` });
    expect(await effective(stage.admin, 'StopBuild')).toBe(1);
    await expectNoneRuns(stage);
  });

  test('while it is queued: the build is stopped', async () => {
    const stage = await setStage();
    const build = await stage.nightshift.builds.run({ ...request, ...waiting });
    await untilPhase(stage, 'QUEUED');
    await build.started();
    await stop(stage, build);
    expect(await build.result()).toMatchObject({ status: 'STOPPED', log: { bytes: 0 } });
    await expectNoneRuns(stage);
  });

  test('while CodeBuild takes it: the build is stopped', async () => {
    const stage = await setStage({ config: { pace: { workerTimeout: '10s' } } });
    await stage.admin.addFault({
      kind: 'latency',
      actions: ['StartBuild'],
      minMs: 75_000,
      maxMs: 75_000,
    });
    const arrived = arrival(stage, 'StartBuild');
    const build = await stage.nightshift.builds.run({ ...request, ...endless });
    await arrived;
    await stop(stage, build);
    expect(await build.result()).toMatchObject({ status: 'STOPPED' });
    expect(await stage.admin.builds()).toHaveLength(1);
    await expectNoneRuns(stage);
  });

  test('while there is no room for it: no build is ever started', async () => {
    const stage = await setStage({
      fleet: {
        projects: [{ account: account.name, region, name: project, concurrentBuildLimit: 1 }],
      },
    });
    const first = await stage.nightshift.builds.run({ ...request, ...endless });
    await first.started();
    const second = await stage.nightshift.builds.run(request);
    await callsReach(
      stage.admin,
      { action: 'StartBuild', outcome: 'AccountLimitExceededException' },
      1,
    );
    await stop(stage, second);
    await expect(second.result()).rejects.toMatchObject({
      code: 'BuildStopped',
      message: `stopped before CodeBuild had taken the build: ${reason}`,
    });
    await first.stop();
    await first.result();
    expect(await stage.admin.builds()).toHaveLength(1);
  });

  test('after its end, while its log is read on: the result is the build’s own', async () => {
    const stage = await setStage({ config: { builds: { logDrain: '2s' } } });
    const sinks = [{ file: join(await makeFolder(), 'log') }];
    const build = await stage.nightshift.builds.run({ ...request, sinks });
    const { buildId } = await build.started();
    await until(
      async () => (await stage.admin.builds({ status: 'SUCCEEDED' })).length > 0 || undefined,
    );
    await stop(stage, build);
    const { status, reason: why } = await build.result();
    expect({ status, why }).toEqual({ status: 'SUCCEEDED', why: undefined });
    expect(digestOf(await readFile(sinks[0]!.file))).toEqual(await truthOf(stage.admin, buildId));
  });
});

test('the workflow is cancelled while the worker that starts its build is dead: the build is stopped', async () => {
  const stage = await setStage();
  const worker = await startKillableWorker(stage);
  await stage.admin.addFault({ kind: 'loseResponse', actions: ['StartBuild'], share: 1 });
  const build = await stage.nightshift.builds.run({ ...request, ...endless });
  await callsReach(stage.admin, { action: 'StartBuild', effective: true }, 1);
  await worker.kill();
  await stage.temporal.workflow.getHandle(build.workflowId ?? '').cancel();
  await stage.startWorker();
  expect(await build.result()).toMatchObject({ status: 'STOPPED' });
  await expectNoneRuns(stage);
});

test('a build that can’t be followed is stopped, and the workflow says why', async () => {
  const stage = await setStage();
  // A folder is no file.
  const sinks = [{ file: await makeFolder() }];
  const build = await stage.nightshift.builds.run({ ...request, ...endless, sinks });
  await expect(build.result()).rejects.toThrow(/the log can’t be written to .*nightshift-builds-/);
  expect(await effective(stage.admin, 'StopBuild')).toBe(1);
  await expectNoneRuns(stage);
});

test('to stop a build that has ended changes nothing', async () => {
  const stage = await setStage();
  const build = await stage.nightshift.builds.run(request);
  const { status } = await build.result();
  await build.stop('too late');
  expect({ status, stops: await effective(stage.admin, 'StopBuild') }).toEqual({
    status: 'SUCCEEDED',
    stops: 0,
  });
});

test('a build that ends as it is stopped keeps its own end', async () => {
  const stage = await setStage({ fleet: { codebuild: { stopSeconds: 3_000 } } });
  const build = await stage.nightshift.builds.run({
    ...request,
    ...behaving({ phases: { BUILD: 2_000 } }),
  });
  await untilPhase(stage, 'BUILD');
  await build.stop('too late');
  await callsReach(stage.admin, { action: 'StopBuild', effective: true }, 1);
  await stage.admin.skip(2_000);
  expect((await build.result()).status).toBe('SUCCEEDED');
});

test('the log of a build that was stopped is whole: what it wrote last is there', async () => {
  const stage = await setStage({ fleet: { codebuild: { stopSeconds: 10 } } });
  const sinks = [{ file: join(await makeFolder(), 'log') }];
  const build = await stage.nightshift.builds.run({ ...request, ...endless, sinks });
  const { buildId } = await build.started();
  await callsReach(stage.admin, { action: 'GetLogEvents', outcome: 'ok' }, 5);
  await build.stop();
  const { log } = await build.result();
  const truth = await truthOf(stage.admin, buildId);
  expect(digestOf(await readFile(sinks[0]!.file))).toEqual(truth);
  expect(log).toMatchObject({ bytes: truth.bytes, lost: 0 });
});

test('a stop is asked for twice: the build is stopped once, for the first reason', async () => {
  const stage = await setStage();
  const build = await stage.nightshift.builds.run({ ...request, ...endless });
  await untilPhase(stage, 'BUILD');
  await Promise.all([build.stop('first'), build.stop('second')]);
  expect((await build.result()).reason).toMatch(/: (first|second)$/);
  expect(await effective(stage.admin, 'StopBuild')).toBe(1);
});
