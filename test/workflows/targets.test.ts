import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { FakeCloud, chain, stackItem } from './fake-cloud.js';
import { newTarget, runSpec, setStage, until, untilWaiting } from './stage.js';

test('a target that can’t be looked at fails alone, with its reason, while the others go on', async () => {
  const targets = [newTarget('dev-1'), newTarget('dev-2'), newTarget('dev-3')];
  const denied = targets[1]!;
  const cloud = new FakeCloud(
    runSpec(targets),
    targets.map((target) => stackItem(target, `app-${target.account.name}`)),
  );
  const fake = cloud.activities();
  const { start } = await setStage({
    ...fake,
    inspectTarget: (request) =>
      request.target.account.id === denied.account.id
        ? Promise.reject(
            ApplicationFailure.create({
              type: 'AwsAccess',
              message: 'the role can’t be assumed',
              nonRetryable: true,
              details: [{ hint: 'create the role' }],
            }),
          )
        : fake.inspectTarget(request),
  });
  const result = await (await start()).result();
  expect(result).toMatchObject({
    status: 'completed-with-failures',
    totals: { deleted: 2, failed: 0 },
  });
  expect([...cloud.sent].sort()).toEqual(['app-dev-1', 'app-dev-3']);
  const failed = result.targets.filter(({ error }) => error);
  expect(failed).toMatchObject([
    {
      account: { name: 'dev-2' },
      items: [],
      error: {
        code: 'AwsAccess',
        message: 'the role can’t be assumed',
        hint: 'create the role',
      },
    },
  ]);
});

test('when deletes can’t be sent any more, what is in flight is still waited for and the report says so', async () => {
  const target = newTarget();
  const first = stackItem(target, 'first');
  const denied = stackItem(target, 'denied', [first]);
  const cloud = new FakeCloud(runSpec([target]), [
    first,
    denied,
    stackItem(target, 'last', [denied]),
    stackItem(target, 'slow'),
  ]);
  cloud.held.add('slow');
  const fake = cloud.activities();
  const { start } = await setStage({
    ...fake,
    deleteStacks: (request) =>
      request.deletes.some(({ name }) => name === 'denied')
        ? Promise.reject(ApplicationFailure.nonRetryable('the role is gone', 'AwsAccess'))
        : fake.deleteStacks(request),
    // The delete that could not be sent was never begun.
    awaitChanges: async (request) => {
      const answer = await fake.awaitChanges(request);
      const settlements = answer.settlements.map((settlement) =>
        settlement.stackId === denied.id
          ? {
              stackId: denied.id,
              at: settlement.at,
              kind: 'not-begun' as const,
              status: 'CREATE_COMPLETE',
            }
          : settlement,
      );
      return { ...answer, settlements };
    },
  });
  const run = await start();
  // It stays up for as long as AWS deletes what it had accepted.
  await until(async () => [...(await run.look()).targets.values()][0]?.error);
  await until(() => cloud.watched.at(-1)?.join() === 'slow' || undefined);
  expect(await run.isGoingOn()).toBe(true);
  cloud.held.delete('slow');
  const { status, targets } = await run.result();
  expect(status).toBe('completed-with-failures');
  expect(targets[0]!.error).toMatchObject({ code: 'AwsAccess', message: 'the role is gone' });
  const outcomes = targets[0]!.items.map(({ name, outcome }) => `${name} ${outcome}`);
  expect(outcomes).toEqual(['first deleted', 'denied failed', 'last skipped', 'slow deleted']);
  expect(targets[0]!.items[2]!.reason).toBe('not begun: the role is gone');
  expect(cloud.sent).toEqual(['first', 'slow']);
});

test('a run that is paused with nothing in flight waits, and goes on when resumed', async () => {
  const target = newTarget();
  const spec = runSpec([target], { rails: { requireApproval: true } });
  const cloud = new FakeCloud(spec, chain(target, ['a', 'b']));
  const { start } = await setStage(cloud.activities());
  const run = await start();
  const planHash = await untilWaiting(run);
  await run.pause();
  await run.approve({ planHash });
  const paused = await until(async () => {
    const view = await run.look();
    const [progress] = view.targets.values();
    return view.run.phase === 'paused' && progress?.phase === 'paused' ? progress : undefined;
  });
  expect(paused.counts).toMatchObject({ waiting: 2, deleting: 0 });
  expect(cloud.sent).toEqual([]);
  await run.resume();
  expect((await run.result()).totals.deleted).toBe(2);
  expect(cloud.sent).toEqual(['a', 'b']);
});

test('a pause lets what is in flight end, and begins nothing more until it is resumed', async () => {
  const target = newTarget();
  const cloud = new FakeCloud(runSpec([target]), chain(target, ['a', 'b']));
  cloud.held.add('a');
  const { start } = await setStage(cloud.activities());
  const run = await start();
  await until(() => cloud.sent.includes('a') || undefined);
  await run.pause();
  await until(async () => {
    const [progress] = (await run.look()).targets.values();
    return progress?.phase === 'paused' || undefined;
  });
  cloud.held.delete('a');
  await until(async () => {
    const [progress] = (await run.look()).targets.values();
    return progress?.counts.deleted === 1 || undefined;
  });
  expect(cloud.sent).toEqual(['a']);
  await run.resume();
  expect((await run.result()).totals.deleted).toBe(2);
});

test.each(['its update', 'its workflow'])(
  'a run that waits for a busy target ends promptly when it is cancelled by %s',
  async (how) => {
    const target = newTarget();
    const cloud = new FakeCloud(runSpec([target]), chain(target, ['a']));
    cloud.held.add('a');
    const { start, client } = await setStage(cloud.activities());
    const holder = await start();
    await until(() => cloud.sent.includes('a') || undefined);
    const waiting = await start();
    await until(
      async () =>
        (await waiting.progress()).targets[0]?.phase === 'waiting-for-target' || undefined,
    );
    if (how === 'its update') await waiting.cancel({ reason: 'changed our minds' });
    else await client.workflow.getHandle(waiting.workflowId, waiting.runId).cancel();
    const { status, totals, reason } = await waiting.result();
    expect({ status, totals }).toMatchObject({ status: 'cancelled', totals: { deleted: 0 } });
    expect(reason).toBe(how === 'its update' ? 'changed our minds' : 'the workflow was cancelled');
    // It did not wait for its turn, and left the holder alone.
    expect(await holder.isGoingOn()).toBe(true);
    cloud.held.clear();
    expect((await holder.result()).totals.deleted).toBe(1);
    expect(cloud.sent).toEqual(['a']);
  },
);
