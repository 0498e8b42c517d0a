import { readFile } from 'node:fs/promises';
import { expect, inject, test } from 'vitest';
import { practiceBuilds, practiceJobs, quickBuild } from '../support/e2e/builds/fleet.js';
import { killWorkers } from '../support/e2e/builds/kills.js';
import { Night } from '../support/e2e/builds/night.js';
import { setBuildsScene } from '../support/e2e/builds/scene.js';
import { expectNight } from '../support/e2e/builds/truth.js';
import { chance } from '../support/e2e/seed.js';
import { until } from '../support/temporal/until.js';

const temporalAddress = inject('temporalAddress');
const kills = 20;

test('builds and jobs survive their worker being killed and replaced at twenty random moments', async () => {
  const random = chance('builds, worker killed');
  const scene = await setBuildsScene({ temporalAddress, family: 731 });
  const night = new Night(scene, practiceBuilds(), practiceJobs(random, { megabytes: 20 }));
  const killed = await killWorkers(scene, random, {
    count: kills,
    // Something begins before each of the first kills, so that each stage of a build's life is struck.
    before: async (index) => {
      await night.begin(index);
      if (index === 15) await night.cancelJob();
    },
  });
  expect(killed).toHaveLength(kills);
  expect(await night.stopPatient(), 'the patient build runs through all kills').toBe(true);
  await expectNight(night, scene);
}, 1_200_000);

test.each(['after', 'before'] as const)(
  'a worker is dead for longer than the token of StartBuild lives, the answer lost %s the start: one build runs',
  async (when) => {
    const scene = await setBuildsScene({ temporalAddress, family: 732, speed: 20 });
    const { admin, sandbox } = scene;
    const worker = await scene.startWorker();
    await admin.addFault({ kind: 'loseResponse', actions: ['StartBuild'], share: 1, when });
    const build = await scene.runBuild(quickBuild);
    const calls = { action: 'StartBuild', outcome: 'lost' };
    await until('StartBuild is called', () => sandbox.ledger.entries(calls).length > 0);
    await worker.kill();
    await admin.clearFaults();
    await admin.skip(360);
    await scene.startWorker();

    expect(await build.result()).toMatchObject({ status: 'SUCCEEDED', earlier: [] });
    const builds = await admin.builds();
    expect(builds).toHaveLength(1);
    expect(sandbox.ledger.entries({ action: 'StartBuild', effective: true })).toHaveLength(1);
    const { text } = await admin.buildLog(builds[0]?.id ?? '');
    expect(await readFile(scene.logFile(quickBuild), 'utf8')).toBe(text);
  },
);
