import { cleanupSections } from '../../src/domain/config/index.js';
import { describe, expect, inject, test } from 'vitest';
import { type FleetOptions, practiceFleet } from '../support/e2e/fleet.js';
import { setScene } from '../support/e2e/scene.js';
import { expectTruth } from '../support/e2e/truth.js';
import { until } from '../support/temporal/until.js';

const temporalAddress = inject('temporalAddress');

function scene(fleet: FleetOptions, cleanup: object, pace: object = {}) {
  const practice = practiceFleet({ stacks: 8, depth: 4, ...fleet });
  return setScene({ practice, temporalAddress, cleanup, pace });
}

describe('two runs for the same targets, started at once', () => {
  test('take turns: each stack is deleted once, and the second reports what it found', async () => {
    const both = await scene({ family: 731, accounts: 2 }, { onBusyTarget: 'wait' });
    await both.startWorker();
    const runs = await Promise.all([both.run(), both.run()]);
    const results = await Promise.all(runs.map((run) => both.resultOf(run)));

    expect(results.map(({ status }) => status)).toEqual(['completed', 'completed']);
    await expectTruth(results, both);
    const [first, second] = [...results].sort((a, b) => b.totals.deleted - a.totals.deleted);
    expect(first && second).toBeDefined();
    if (!first || !second) return;
    await expectTruth(first, both);
    expect(second.totals).toEqual({ deleted: 0, skipped: 2, blocked: 1, failed: 0, orphaned: 0 });
    const found = second.targets.flatMap(({ items }) => items.map(({ name }) => name));
    expect(found.sort()).toEqual(['StackSet-baseline', 'guarded', 'shared-db']);
  }, 600_000);

  test('are refused their targets while another holds them, when so configured, and touch nothing', async () => {
    const both = await scene({ family: 732, accounts: 2 }, { onBusyTarget: 'refuse' });
    await both.startWorker();
    const holder = await both.run({ requireApproval: true });
    await until('the first run holds all targets', async () => {
      // A worker that is busy may not answer in time.
      const progress = await holder.progress().catch(() => undefined);
      return progress?.phase === 'awaiting-approval';
    });
    const calls = (await both.admin.ledgerSummary()).calls;
    const refused = await both.resultOf(await both.run());
    expect(refused.status).toBe('completed-with-failures');
    expect(refused.targets.map(({ error }) => error?.code)).toEqual(
      Array.from({ length: 4 }, () => 'TargetBusy'),
    );
    expect(refused.targets.flatMap(({ items }) => items)).toEqual([]);
    expect((await both.admin.ledgerSummary()).calls, 'calls of a refused run').toBe(calls);

    const { planHash = '' } = await holder.progress();
    await holder.approve({ planHash });
    await expectTruth(await both.resultOf(holder), both);
  }, 600_000);
});

test('runs over overlapping targets, named in other orders, do not wait for each other for ever', async () => {
  const fleet = { family: 733, accounts: 4, trouble: false, stacks: 5, depth: 3 };
  const all = await scene(fleet, { onBusyTarget: 'wait' }, { targetsAtOnce: 2 });
  await all.startWorker();
  const names = all.practice.fleet.accounts.map(({ name }) => name);
  const orders = [
    [0, 1, 2],
    [3, 2, 1],
    [2, 0],
    [1, 3],
  ];
  const runs = await Promise.all(
    orders.map((order) =>
      all.run(
        { accounts: order.flatMap((index) => names[index] ?? []) },
        // Accounts and regions as another config may list them.
        (config) => ({
          ...config,
          accounts: {
            ...cleanupSections(config).accounts,
            list: order.flatMap((index) => config.accounts?.list?.[index] ?? []),
          },
          regions:
            order[0] === 0
              ? [...all.practice.fleet.regions]
              : [...all.practice.fleet.regions].reverse(),
        }),
      ),
    ),
  );
  const results = await Promise.all(runs.map((run) => all.resultOf(run)));
  expect(results.map(({ status }) => status)).toEqual(runs.map(() => 'completed'));
  await expectTruth(results, all);
}, 600_000);
