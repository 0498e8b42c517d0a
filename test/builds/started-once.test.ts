import { expect, test } from 'vitest';
import type { FaultInput } from '../../sandbox/faults/schema.js';
import { callsReach, effective, outcomesOf } from './calls.js';
import { startKillableWorker } from './killable-worker.js';
import { type Stage, request, setStage } from './scenario.js';

/** Longer than CodeBuild remembers a token, in sandbox seconds. */
const pastToken = 400;
/** A token lives for a minute of the machine's time: a call is tried again within that, however slow it is. */
const speed = 5;
const answersLost: FaultInput = { kind: 'loseResponse', actions: ['StartBuild'], share: 1 };

/** There is one build, and it is the one that the workflow tells of. */
async function expectOneBuild({ admin }: Stage, buildId: string): Promise<void> {
  expect(await effective(admin, 'StartBuild')).toBe(1);
  expect((await admin.builds()).map(({ id }) => id)).toEqual([buildId]);
}

test.each([1, 2])('StartBuild’s answer is lost %d time(s): one build', async (times) => {
  const stage = await setStage({ speed });
  const { nightshift, admin } = stage;
  await admin.addFault(answersLost);
  const build = await nightshift.builds.run(request);
  await callsReach(admin, { action: 'StartBuild', outcome: 'lost' }, times);
  await admin.clearFaults();
  const { buildId, status } = await build.result();
  expect(status).toBe('SUCCEEDED');
  await expectOneBuild(stage, buildId);
});

test('every answer of StartBuild is lost, and its token with them: the build is found and adopted', async () => {
  const stage = await setStage({ speed, config: { pace: { retries: 1 } } });
  const { nightshift, admin } = stage;
  await admin.addFault(answersLost);
  const build = await nightshift.builds.run(request);
  await callsReach(admin, { action: 'StartBuild' }, 2);
  await admin.skip(pastToken);
  const { buildId, status } = await build.result();
  expect(status).toBe('SUCCEEDED');
  expect(await outcomesOf(admin, 'StartBuild')).toEqual(['lost', 'lost']);
  await expectOneBuild(stage, buildId);
});

test('StartBuild is throttled: it is tried again, and there is one build', async () => {
  const stage = await setStage({ speed });
  const { nightshift, admin } = stage;
  await admin.addFault({ kind: 'throttle', actions: ['StartBuild'], share: 1 });
  const build = await nightshift.builds.run(request);
  await callsReach(admin, { action: 'StartBuild', outcome: 'throttled' }, 3);
  await admin.clearFaults();
  const { buildId, status } = await build.result();
  expect(status).toBe('SUCCEEDED');
  await expectOneBuild(stage, buildId);
});

test('the worker is stopped before it hears of the build, for longer than the token lives: the build is adopted', async () => {
  const stage = await setStage({ speed });
  const { nightshift, admin } = stage;
  await admin.addFault(answersLost);
  const build = await nightshift.builds.run(request);
  await callsReach(admin, { action: 'StartBuild', effective: true }, 1);
  await stage.stopWorker();
  await admin.clearFaults();
  await admin.skip(pastToken);
  await stage.startWorker();
  const { buildId, status } = await build.result();
  expect(status).toBe('SUCCEEDED');
  await expectOneBuild(stage, buildId);
});

test('the worker is killed before it hears of the build, for longer than the token lives: the build is adopted', async () => {
  const stage = await setStage({ speed });
  const { nightshift, admin } = stage;
  const worker = await startKillableWorker(stage);
  await admin.addFault(answersLost);
  const build = await nightshift.builds.run(request);
  await callsReach(admin, { action: 'StartBuild', effective: true }, 1);
  await worker.kill();
  await admin.clearFaults();
  await admin.skip(pastToken);
  await stage.startWorker();
  const { buildId, status } = await build.result();
  expect(status).toBe('SUCCEEDED');
  await expectOneBuild(stage, buildId);
});

test('two builds of a project whose answers are lost at the same time don’t take each other’s', async () => {
  const { nightshift, admin } = await setStage({ speed, config: { pace: { retries: 1 } } });
  await admin.addFault(answersLost);
  const builds = [await nightshift.builds.run(request), await nightshift.builds.run(request)];
  await callsReach(admin, { action: 'StartBuild' }, 4);
  await admin.skip(pastToken);
  const results = await Promise.all(builds.map((build) => build.result()));
  const made = await admin.builds();
  expect(made).toHaveLength(2);
  for (const { workflowId, buildId } of results) {
    const own = made.find(({ env }) => env['NIGHTSHIFT_BUILD']?.value === workflowId);
    expect(buildId).toBe(own?.id);
  }
});
