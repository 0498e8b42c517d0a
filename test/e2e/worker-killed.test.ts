import { setTimeout as delay } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import type { Random } from '../../sandbox/core/random.js';
import { practiceFleet } from '../support/e2e/fleet.js';
import { type Scene, setScene } from '../support/e2e/scene.js';
import { chance } from '../support/e2e/seed.js';
import { expectTruth, stacksBegun } from '../support/e2e/truth.js';
import { until } from '../support/temporal/until.js';

const kills = 20;

/** A moment of a run, by what has happened so far rather than by the clock, and a little while after that. */
interface Moment {
  reached: () => boolean;
  what: string;
  later: number;
}

test('a run survives its worker being killed and replaced at twenty random moments', async () => {
  const random = chance('worker killed');
  const practice = practiceFleet({ family: 701, accounts: 3, stacks: 10, depth: 6, seed: 5 });
  const scene = await setScene({ practice, temporalAddress: inject('temporalAddress') });
  const run = await scene.run();
  let worker = await scene.startWorker();
  const killed: string[] = [];
  for (const { reached, what, later } of moments(random, scene)) {
    await until(what, reached);
    await delay(later);
    expect(await run.isGoingOn(), `goes on at ${what}, after ${killed.length} kills`).toBe(true);
    await worker.kill();
    killed.push(what);
    worker = await scene.startWorker();
  }
  expect(killed).toHaveLength(kills);

  const result = await scene.resultOf(run);
  expect(result.status).toBe('completed');
  await expectTruth(result, scene);
}, 900_000);

/** Three while the run plans, the others while it deletes; all before the last layers go. */
function moments(random: Random, { sandbox, practice }: Scene): Moment[] {
  const { accounts, regions, generate } = practice.fleet;
  const layered = accounts.length * regions.length * (generate?.[0]?.stacks ?? 0);
  const calls = () => sandbox.ledger.summary().calls;
  const deletes = () => stacksBegun(sandbox);
  const planning = ascending(random, 3, 1, 40).map((count) => ({
    reached: () => calls() >= count,
    what: `${count} calls`,
    later: random.between(0, 100),
  }));
  const deleting = ascending(random, kills - planning.length, 0, layered * 0.7).map((count) => ({
    reached: () => deletes() >= count,
    what: `${count} deletes`,
    later: random.between(0, 400),
  }));
  return [...planning, ...deleting];
}

function ascending(random: Random, count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, () => random.integer(from, Math.floor(to))).sort(
    (a, b) => a - b,
  );
}
