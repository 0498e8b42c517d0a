import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { FakeCloud, chain } from './fake-cloud.js';
import { newTarget, runSpec, setStage, until, untilWaiting } from './stage.js';

const waiting = { rails: { requireApproval: true } };

test('approve is refused at once while the run does not wait for it', async () => {
  const { run, cloud } = await runOf(['a'], { held: ['a'] });
  await until(() => cloud.sent.includes('a') || undefined);
  const { planHash = '' } = await run.progress();
  await expect(run.approve({ planHash })).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining('does not wait for approval: it is running') as string,
  });
  cloud.held.clear();
  expect((await run.result()).status).toBe('completed');
});

test('approve with another hash is refused at once, naming the field and both hashes', async () => {
  const { run, cloud } = await runOf(['a'], { config: waiting });
  const planHash = await untilWaiting(run);
  const refused = await run.approve({ planHash: '0123456789abcdef' }).catch((e: unknown) => e);
  expect(refused).toMatchObject({ code: 'InvalidInput' });
  expect(String(refused)).toMatch(/approve\.planHash.*0123456789abcdef/);
  expect(String(refused)).toContain(planHash);
  expect(cloud.sent).toEqual([]);
  await run.approve({ planHash });
  expect((await run.result()).totals.deleted).toBe(1);
});

test.each<[string, unknown[], string]>([
  ['approve', [], 'approve.planHash'],
  ['approve', [{}], 'approve.planHash'],
  ['skip', [], 'skip.item'],
  ['skip', [{}], 'skip.item'],
  ['skip', [{ item: '' }], 'skip.item'],
  ['skip', [{ item: 5 }], 'skip.item'],
])('%s(%j) is refused at once, naming %s, and the run goes on', async (update, args, field) => {
  const { run, handle } = await runOf(['a'], { config: waiting });
  const planHash = await untilWaiting(run);
  const failure = await handle
    .executeUpdate<void, [unknown, ...unknown[]]>(update, { args: args as [unknown] })
    .catch((e: unknown) => e);
  expect(failure).toBeInstanceOf(WorkflowUpdateFailedError);
  const { cause } = failure as WorkflowUpdateFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect(cause).toMatchObject({ type: 'InvalidInput', nonRetryable: true });
  expect(cause?.message).toContain(field);
  // A refused update leaves no trace, and the run answers on.
  await run.approve({ planHash });
  expect((await run.result()).totals.deleted).toBe(1);
});

test('once a run has ended every update is refused, and says that it has', async () => {
  const { run } = await runOf(['a']);
  await run.result();
  const updates = {
    pause: () => run.pause(),
    resume: () => run.resume(),
    cancel: () => run.cancel(),
    skip: () => run.skip({ item: 'a' }),
    approve: () => run.approve({ planHash: '0123456789abcdef' }),
  };
  for (const [name, update] of Object.entries(updates))
    await expect(update(), name).rejects.toMatchObject({
      code: 'InvalidInput',
      message: expect.stringContaining('the run has ended') as string,
    });
});

test('a run that is paused, approved and resumed before it began leaves what was skipped meanwhile', async () => {
  const { run } = await runOf(['a', 'b', 'c', 'd'], { config: waiting });
  const planHash = await untilWaiting(run);
  await run.pause();
  await run.skip({ item: 'd' });
  await run.approve({ planHash });
  await run.resume();
  const { targets } = await run.result();
  expect(targets[0]!.items.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'a deleted',
    'b deleted',
    'c deleted',
    'd skipped',
  ]);
});

test('skip of something that the run does not have is refused by the client', async () => {
  const { run } = await runOf(['a'], { config: waiting });
  const planHash = await untilWaiting(run);
  await expect(run.skip({ item: 'nobody' })).rejects.toMatchObject({
    code: 'NotFound',
    message: expect.stringContaining('nobody') as string,
  });
  await run.approve({ planHash });
  await run.result();
});

test('the plan and the result of a target are told in pages', async () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const { run, client } = await runOf(names);
  await run.result();
  const { workflowId, runId } = (await run.progress()).targets[0]!;
  const target = client.workflow.getHandle(workflowId!, runId);
  const namesOf = async (query: string, page?: { from: number; count: number }) =>
    (await target.query<{ name: string }[], unknown[]>(query, ...(page ? [page] : []))).map(
      ({ name }) => name,
    );
  for (const query of ['plan', 'result']) {
    expect(await namesOf(query)).toEqual(names);
    expect(await namesOf(query, { from: 0, count: 2 })).toEqual(['a', 'b']);
    expect(await namesOf(query, { from: 2, count: 2 })).toEqual(['c', 'd']);
    expect(await namesOf(query, { from: 4, count: 2 })).toEqual(['e']);
    expect(await namesOf(query, { from: 5, count: 2 })).toEqual([]);
  }
});

test('the client puts pages together: all of a target that holds more than one answer', async () => {
  const names = Array.from({ length: 1001 }, (_, index) => `s${index}`);
  const { run } = await runOf(names, { mode: 'plan' });
  await run.summary();
  const { targets } = await run.plan();
  expect(targets[0]!.items.map(({ name }) => name)).toEqual(names);
});

interface RunOptions {
  held?: string[];
  config?: Parameters<typeof runSpec>[1];
  mode?: 'plan' | 'run';
}

/** A run of a chain of stacks of these names. */
async function runOf(names: string[], { held = [], config, mode = 'run' }: RunOptions = {}) {
  const target = newTarget();
  const cloud = new FakeCloud({ ...runSpec([target], config), mode }, chain(target, names));
  for (const name of held) cloud.held.add(name);
  const { client, start } = await setStage(cloud.activities());
  const run = await start();
  return { run, cloud, client, handle: client.workflow.getHandle(run.workflowId, run.runId) };
}
