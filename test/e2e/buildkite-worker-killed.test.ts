import { expect, inject, test } from 'vitest';
import { lostJob, practiceBuilds, practiceJobs } from '../support/e2e/builds/fleet.js';
import { killWorkers } from '../support/e2e/builds/kills.js';
import { Night } from '../support/e2e/builds/night.js';
import { setBuildsScene } from '../support/e2e/builds/scene.js';
import { expectNight, expectNothingLeft } from '../support/e2e/builds/truth.js';
import { chance } from '../support/e2e/seed.js';
import { until } from '../support/temporal/until.js';

const temporalAddress = inject('temporalAddress');
const kills = 12;

test('jobs and builds survive twelve deaths of their worker while AWS and Buildkite throttle, lose answers and are slow', async () => {
  const random = chance('Buildkite, worker killed');
  const scene = await setBuildsScene({
    temporalAddress,
    family: 741,
    seed: random.integer(1, 1e9),
    faults: [
      { kind: 'throttle', share: 0.1 },
      { kind: 'loseResponse', share: 0.02, when: 'after' },
      { kind: 'loseResponse', share: 0.01, when: 'before' },
      { kind: 'latency', share: 0.2, minMs: 50, maxMs: 1_000 },
    ],
  });
  const night = new Night(
    scene,
    practiceBuilds().slice(0, 4),
    practiceJobs(random, { megabytes: 4 }),
  );
  const killed = await killWorkers(scene, random, {
    count: kills,
    before: async (index) => {
      await night.begin(index);
      if (index === 10) await night.cancelJob();
    },
  });
  expect(killed).toHaveLength(kills);
  // Which of them strike a service of few calls is chance.
  for (const service of ['buildkite', 'codebuild', 'logs']) {
    const struck = ['throttled', 'lost'].flatMap((outcome) =>
      scene.sandbox.ledger.entries({ service, outcome, limit: 1 }),
    );
    expect(struck, `the faults strike ${service}`).not.toEqual([]);
  }
  await night.stopPatient();
  await expectNight(night, scene);
}, 900_000);

test('a worker is dead for longer than Buildkite waits: the job is lost, its build stopped, and nothing is left', async () => {
  const scene = await setBuildsScene({ temporalAddress, family: 742 });
  const { admin, nightshift, queues } = scene;
  const worker = await scene.startWorker();
  const { uuid, command } = lostJob;
  await admin.createBuildkiteJob({ uuid, command, queue: queues.stacks });
  await until('its log has begun', async () => (await admin.buildkiteJob(uuid)).log.bytes > 0);
  await worker.kill();
  // Buildkite gives the agent up after three minutes, and the job after four.
  await admin.skip(250);
  expect(await admin.buildkiteJob(uuid)).toMatchObject({ state: 'finished', endedBy: 'buildkite' });
  await scene.startWorker();

  expect(await nightshift.buildkite.job(uuid).result()).toMatchObject({ outcome: 'lost' });
  expect(await admin.builds()).toMatchObject([{ status: 'STOPPED' }]);
  await expectNothingLeft(scene, 'lost');
});
