import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { practiceFleet } from '../support/e2e/fleet.js';
import { setScene } from '../support/e2e/scene.js';
import { chance } from '../support/e2e/seed.js';
import { OwnTemporalServer } from '../support/e2e/temporal-server.js';
import { expectTruth, stacksBegun } from '../support/e2e/truth.js';
import { until } from '../support/temporal/until.js';

test('a run survives its Temporal server being killed and started again on the same state', async () => {
  const random = chance('server restarted');
  const server = await OwnTemporalServer.start();
  const practice = practiceFleet({ family: 711, accounts: 2, stacks: 12, depth: 6 });
  const scene = await setScene({ practice, temporalAddress: server.address });
  const worker = await scene.startWorker();
  const run = await scene.run();
  const moments = [0, random.integer(4, 15), random.integer(20, 36)];
  for (const count of moments) {
    await until(`${count} deletes have begun`, () => stacksBegun(scene.sandbox) >= count);
    await delay(random.between(0, 300));
    const before = server.pid;
    await server.kill();
    // Deletes go on to their end meanwhile, and nobody hears of it.
    await delay(random.between(0, 1_500));
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await run.isGoingOn(), `goes on after ${count} deletes`).toBe(true);
  }

  const result = await scene.resultOf(run);
  expect(result.status).toBe('completed');
  expect(worker.lives, 'the worker came back by itself').toBe(true);
  await expectTruth(result, scene);
}, 240_000);
