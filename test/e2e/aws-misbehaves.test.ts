import { setTimeout as delay } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { practiceFleet } from '../support/e2e/fleet.js';
import { setScene } from '../support/e2e/scene.js';
import { chance } from '../support/e2e/seed.js';
import { expectTruth, stacksBegun } from '../support/e2e/truth.js';
import { until } from '../support/temporal/until.js';

const temporalAddress = inject('temporalAddress');

test('AWS throttles, loses answers, is slow and tells old news: every stack is deleted once all the same', async () => {
  const random = chance('AWS misbehaves');
  const practice = practiceFleet({ family: 721, accounts: 2, stacks: 15, depth: 5 });
  practice.fleet.seed = random.integer(1, 1e9);
  practice.fleet.faults = [
    { kind: 'throttle', share: 0.2 },
    { kind: 'loseResponse', share: 0.05, when: 'after' },
    { kind: 'loseResponse', share: 0.05, when: 'before' },
    { kind: 'staleRead', share: 0.2, seconds: 20 },
    { kind: 'latency', share: 0.3, minMs: 500, maxMs: 6_000 },
  ];
  const scene = await setScene({ practice, temporalAddress });
  await scene.startWorker();
  const result = await scene.resultOf(await scene.run());

  const { actions } = await scene.admin.ledgerSummary();
  for (const outcome of ['throttled', 'lost'])
    expect(actions['cloudformation:DeleteStack'], 'the faults did strike').toHaveProperty(outcome);
  expect(result.status).toBe('completed');
  await expectTruth(result, scene);
}, 180_000);

test('AWS goes away for longer than a call is tried again, twice: the run goes on when it is back', async () => {
  const random = chance('AWS goes away');
  const practice = practiceFleet({ family: 722, accounts: 2, stacks: 10, depth: 5 });
  const scene = await setScene({ practice, temporalAddress, pace: { retries: 2 } });
  await scene.startWorker();
  const run = await scene.run();
  for (const count of [random.integer(0, 5), random.integer(8, 25)]) {
    await until(`${count} deletes have begun`, () => stacksBegun(scene.sandbox) >= count);
    await delay(random.between(0, 300));
    await scene.admin.goAway();
    await delay(random.between(1_000, 3_000));
    expect(await run.isGoingOn(), `goes on after ${count} deletes`).toBe(true);
    await scene.admin.comeBack();
  }
  const result = await scene.resultOf(run);
  expect(result.status).toBe('completed');
  await expectTruth(result, scene);
}, 180_000);
