import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { RunHandle } from '../../src/client/index.js';
import { FakeCloud, chain, stackItem } from './fake-cloud.js';
import { newTarget, runSpec, setStage, until } from './stage.js';

/** An answer holds 2 MB at most; the server suggests to continue as new from 4 MB of history on. */
const large = 1_500_000;
const names = ['a', 'b', 'c', 'd', 'e', 'f'];

test('a target whose history grows large continues as new, and deletes nothing twice', async () => {
  const target = newTarget();
  const cloud = new FakeCloud(runSpec([target]), chain(target, names));
  cloud.padding = large;
  const stage = await setStage(cloud.activities());
  const run = await stage.start();
  const result = await run.result();

  expect(cloud.executions.size).toBeGreaterThan(1);
  expect(cloud.sent).toEqual(names);
  expect(result).toMatchObject({ status: 'completed', totals: { deleted: names.length } });
  const { items, startedAt, awsCalls } = result.targets[0]!;
  expect(items.map(({ name, attempts, passes }) => [name, attempts, passes])).toEqual(
    names.map((name) => [name, 1, 1]),
  );
  // All of it is told, not only what came after: one look, and for each stack a delete and a look at it.
  expect(awsCalls).toBe(1 + 2 * names.length);
  expect(startedAt <= items[0]!.startedAt!).toBe(true);
  expect((await run.plan()).targets[0]!.items).toHaveLength(names.length);
});

test('what is in flight when a target continues as new is watched on, and not sent again', async () => {
  const target = newTarget();
  const slow = stackItem(target, 'slow');
  const cloud = new FakeCloud(runSpec([target]), [
    ...chain(target, names.slice(0, 4)),
    slow,
    stackItem(target, 'base', [slow]),
  ]);
  cloud.held.add('slow');
  cloud.padding = large;
  const stage = await setStage(cloud.activities());
  const run = await stage.start();
  await until(() => (cloud.executions.size > 1 && cloud.sent.includes('d')) || undefined);
  cloud.held.delete('slow');
  expect((await run.result()).totals.deleted).toBe(6);
  expect([...cloud.sent].sort()).toEqual(['a', 'b', 'base', 'c', 'd', 'slow']);
});

test('a pause outlasts continuing as new, and so does what a person skipped', async () => {
  const target = newTarget();
  const cloud = new FakeCloud(runSpec([target]), chain(target, names));
  cloud.held.add('c');
  cloud.padding = large;
  const stage = await setStage(cloud.activities());
  const run = await stage.start();
  await until(() => cloud.sent.includes('c') || undefined);
  const { runId } = (await run.progress()).targets[0]!;
  await run.pause();
  await run.skip({ item: 'e' });
  cloud.held.delete('c');
  await until(async () => (await run.progress()).targets[0]!.runId !== runId || undefined);
  await until(async () => ((await targetOf(run))?.phase === 'paused' ? true : undefined));
  expect((await targetOf(run))?.counts).toMatchObject({ deleted: 3, deleting: 0, waiting: 1 });
  expect(cloud.sent).toEqual(['a', 'b', 'c']);

  await run.resume();
  const { items } = (await run.result()).targets[0]!;
  expect(items.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'a deleted',
    'b deleted',
    'c deleted',
    'd deleted',
    'e skipped',
    'f blocked',
  ]);
});

test('a target that can’t go on says why, even if it continues as new before all is settled', async () => {
  const target = newTarget();
  const cloud = new FakeCloud(runSpec([target]), [
    ...chain(target, ['a', 'b', 'refused', 'last']),
    stackItem(target, 'slow'),
  ]);
  cloud.padding = large;
  for (const name of ['slow', 'refused']) cloud.held.add(name);
  const fake = cloud.activities();
  const stage = await setStage({
    ...fake,
    deleteStacks: (request) => {
      if (!request.deletes.some(({ name }) => name === 'refused'))
        return fake.deleteStacks(request);
      return Promise.reject(ApplicationFailure.nonRetryable('the role is gone', 'AwsAccess'));
    },
  });
  const run = await stage.start();
  await until(async () => (await targetOf(run))?.error);
  // The third of the large answers.
  cloud.held.delete('refused');
  await until(() => cloud.executions.size > 1 || undefined);
  cloud.held.delete('slow');
  const { status, targets } = await run.result();
  expect(status).toBe('completed-with-failures');
  expect(targets[0]!.error).toMatchObject({ code: 'AwsAccess', message: 'the role is gone' });
  const last = targets[0]!.items.find(({ name }) => name === 'last');
  expect(last).toMatchObject({ outcome: 'skipped', reason: 'not begun: the role is gone' });
});

test('a cancelled run waits for what AWS is deleting, even if it continues as new meanwhile', async () => {
  const target = newTarget();
  const cloud = new FakeCloud(runSpec([target]), [
    ...chain(target, ['a', 'b', 'c', 'last']),
    stackItem(target, 'slow'),
  ]);
  cloud.padding = large;
  for (const name of ['slow', 'c']) cloud.held.add(name);
  const stage = await setStage(cloud.activities());
  const run = await stage.start();
  await until(() => cloud.sent.includes('c') || undefined);
  await run.cancel({ reason: 'changed our minds' });
  await until(async () => ((await targetOf(run))?.phase === 'cancelling' ? true : undefined));
  cloud.held.delete('c');
  await until(() => cloud.executions.size > 1 || undefined);
  cloud.held.delete('slow');
  const { status, targets } = await run.result();
  expect(status).toBe('cancelled');
  expect(targets[0]!.items.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'a deleted',
    'b deleted',
    'c deleted',
    'last skipped',
    'slow deleted',
  ]);
});

test.each([
  ['carries it on without saying anything twice', 2, true],
  ['goes on as it is where that is more than can be carried', 7, false],
])('a target as full as AWS allows %s', async (_, dependents, continues) => {
  const target = newTarget();
  const first = chain(target, names.slice(0, 4)).slice(0, dependents);
  const wide = Array.from({ length: Math.max(0, dependents - 4) }, (__, index) =>
    stackItem(target, `wide-${index}`),
  );
  // 2,000 stacks are the quota of an account in a region.
  const rest = Array.from({ length: 2000 - first.length - wide.length }, (__, index) =>
    stackItem(target, `a-stack-with-a-name-of-its-own-${index}`, [...first, ...wide]),
  );
  const spec = runSpec([target], { pace: { deletesAtOnce: 700 } });
  const cloud = new FakeCloud(spec, [...first, ...wide, ...rest]);
  cloud.padding = large;
  const stage = await setStage(cloud.activities());
  const run = await stage.start();
  expect(await run.result()).toMatchObject({
    status: 'completed',
    totals: { deleted: 2000, failed: 0 },
  });
  expect(cloud.executions.size > 1).toBe(continues);
  expect(new Set(cloud.sent).size).toBe(2000);
  expect(cloud.sent).toHaveLength(2000);
});

async function targetOf(run: RunHandle) {
  return [...(await run.look()).targets.values()][0];
}
