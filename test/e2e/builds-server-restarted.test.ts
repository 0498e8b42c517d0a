import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { practiceBuilds, practiceJobs } from '../support/e2e/builds/fleet.js';
import { Night } from '../support/e2e/builds/night.js';
import { setBuildsScene } from '../support/e2e/builds/scene.js';
import { expectNight } from '../support/e2e/builds/truth.js';
import { chance } from '../support/e2e/seed.js';
import { OwnTemporalServer } from '../support/e2e/temporal-server.js';
import { until } from '../support/temporal/until.js';

test('builds and jobs survive their Temporal server being killed and started again on the same state', async () => {
  const random = chance('builds, server restarted');
  const server = await OwnTemporalServer.start();
  const scene = await setBuildsScene({ temporalAddress: server.address, family: 751 });
  const worker = await scene.startWorker();
  const night = new Night(
    scene,
    practiceBuilds().slice(0, 5),
    practiceJobs(random, { megabytes: 4 }).slice(0, 6),
  );
  await night.beginAll();
  const calls = (action: string) =>
    scene.sandbox.ledger.entries({ action, effective: true }).length;
  const moments = [
    { action: 'StartBuild', count: random.integer(1, 6) },
    { action: 'UploadChunk', count: random.integer(5, 60) },
    { action: 'FinishJob', count: random.integer(1, 4) },
  ];
  for (const { action, count } of moments) {
    await until(`${count} × ${action}`, () => calls(action) >= count);
    await delay(random.between(0, 300));
    const before = server.pid;
    await server.kill();
    // Builds go on meanwhile, and so does the worker, with nobody to tell.
    await delay(random.between(0, 1_500));
    await server.restart();
    expect(server.pid).not.toBe(before);
  }
  await night.cancelJob();
  expect(await night.stopPatient(), 'the patient build runs through all restarts').toBe(true);
  await expectNight(night, scene);
  expect(worker.lives, 'the worker came back by itself').toBe(true);
}, 600_000);
