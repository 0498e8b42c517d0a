import { expect, test } from 'vitest';
import type { RunHandle } from '../../src/client/index.js';
import {
  account,
  itemOf,
  letTimePass,
  play,
  setStage,
  stack,
  still,
  untilDeleting,
} from '../traps/scenario.js';

const three = { stacks: [stack('a'), stack('b'), stack('c'), stack('kept', { tags: {} })] };

test('maxDeletes refuses a run that would delete more, and lets one through that deletes as many', async () => {
  const refused = await play({ fleet: three, config: { rails: { maxDeletes: 2 } } });
  expect(refused.result).toMatchObject({ status: 'refused', totals: { deleted: 0, skipped: 3 } });
  expect(refused.result.reason).toContain('rails.maxDeletes allows 2');
  expect(await deletes(refused.stage)).toBe(0);
  const allowed = await play({ fleet: three, config: { rails: { maxDeletes: 3 } } });
  expect(allowed.result).toMatchObject({ status: 'completed', totals: { deleted: 3 } });
});

test('maxDeletePercent counts the stacks that live in the target', async () => {
  const refused = await play({ fleet: three, config: { rails: { maxDeletePercent: 74 } } });
  expect(refused.result).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('75 %') as string,
  });
  expect(await deletes(refused.stage)).toBe(0);
  const allowed = await play({ fleet: three, config: { rails: { maxDeletePercent: 75 } } });
  expect(allowed.result.totals.deleted).toBe(3);
});

test('protect keeps what its globs match, whatever a policy selects', async () => {
  const { result } = await play({ fleet: three, config: { rails: { protect: ['b*'] } } });
  expect(itemOf(result, 'b')).toMatchObject({
    outcome: 'skipped',
    reason: expect.stringContaining('protect: b*') as string,
  });
  expect(result.totals).toMatchObject({ deleted: 2, skipped: 1 });
});

test('a policy that matches everything is refused before anything is looked at, unless that is allowed', async () => {
  const everything = { policies: [{ name: 'all', resource: 'aws.cfn', actions: ['delete'] }] };
  const stage = await setStage({ fleet: three, ...everything });
  await expect(stage.run()).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining('would match everything') as string,
  });
  expect((await stage.admin.ledgerSummary()).actions).toEqual({});
  const allowed = await play({ fleet: three, ...everything, request: { allowMatchAll: true } });
  expect(allowed.result.totals.deleted).toBe(4);
});

test('a run that names a plan is refused when the plan has changed, and carried out when it has not', async () => {
  const stage = await setStage({ fleet: three });
  const { planHash } = await stage.plan();
  await stage.admin.createStack(stack('late', { ageDays: 0 }));
  const changed = await runWith(stage, planHash);
  expect(changed).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('the plan has changed') as string,
  });
  expect(await deletes(stage)).toBe(0);
  const again = await stage.plan();
  expect(again.planHash).not.toBe(planHash);
  expect((await runWith(stage, again.planHash)).totals.deleted).toBe(4);
});

test('with approval required nothing goes before it is given, by the hash of the plan', async () => {
  const stage = await setStage({ fleet: three, config: { rails: { requireApproval: true } } });
  const run = await stage.start();
  const planHash = await untilWaiting(run);
  await expect(run.approve({ planHash: '0123456789abcdef' })).rejects.toThrow(planHash);
  expect(await deletes(stage)).toBe(0);
  await run.approve({ planHash, by: 'an engineer' });
  expect((await run.result()).totals.deleted).toBe(3);
  await expect(run.approve({ planHash })).rejects.toThrow();
});

test('an approval that nobody gives in time refuses the run', async () => {
  const { result, stage } = await play({
    fleet: three,
    config: { rails: { requireApproval: true }, cleanup: { approvalTimeout: '1s' } },
  });
  expect(result).toMatchObject({
    status: 'refused',
    reason: expect.stringContaining('nobody approved') as string,
  });
  expect(await deletes(stage)).toBe(0);
});

test('allowedIds stops a run whose accounts are not those, however they were found', async () => {
  const path = '/nightshift/accounts';
  const accounts = { ssm: { path }, role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' };
  const fleet = { ...three, accountParameters: path };
  const stranger = await setStage({
    fleet,
    config: { accounts: { ...accounts, allowedIds: ['999999999999'] } },
  });
  await expect(stranger.run()).rejects.toMatchObject({
    code: 'InvalidInput',
    message: expect.stringContaining(account.id) as string,
  });
  expect(await deletes(stranger)).toBe(0);
  const known = await play({
    fleet,
    config: { accounts: { ...accounts, allowedIds: [account.id] } },
  });
  expect(known.result.totals.deleted).toBe(3);
});

test('credentials of another account are refused, whatever name the account goes by', async () => {
  const { result, stage } = await play({
    fleet: { ...three, accounts: [account, { id: '222222222222', name: 'prod' }] },
    // A role that is fixed to one account would do in it what was planned for another.
    config: { accounts: { list: [account], role: `arn:aws:iam::${account.id}:role/missing` } },
  });
  expect(result.targets[0]).toMatchObject({ error: { code: 'AwsAccess' }, items: [] });
  expect(await deletes(stage)).toBe(0);
});

test('a resource that comes up during a run is left, or taken up in the next pass within maxDeletes', async () => {
  const flaky = stack('flaky', { failures: [{ kind: 'generic', times: 1 }], deleteSeconds: 60 });
  const meanwhile = async (newStacks: string, maxDeletes: number) => {
    const stage = await setStage({
      fleet: { stacks: [flaky, stack('other', { deleteSeconds: 60 })] },
      options: { newStacks },
      config: { rails: { maxDeletes } },
      speed: still,
    });
    const run = await stage.start();
    await untilDeleting(stage, 'flaky');
    await stage.admin.createStack(stack('late', { ageDays: 0 }));
    letTimePass(stage);
    return (await run.result()).targets[0]!.items.map(
      ({ name, outcome }) => `${name} ${outcome}`,
    ).sort();
  };
  expect(await meanwhile('leave', 10)).toEqual(['flaky deleted', 'other deleted']);
  expect(await meanwhile('next-pass', 10)).toEqual([
    'flaky deleted',
    'late deleted',
    'other deleted',
  ]);
  expect(await meanwhile('next-pass', 2)).toEqual(['flaky deleted', 'other deleted']);
});

async function deletes({ admin }: Awaited<ReturnType<typeof setStage>>): Promise<number> {
  return (await admin.ledger({ action: 'DeleteStack' })).length;
}

async function runWith(stage: Awaited<ReturnType<typeof setStage>>, planHash: string) {
  return await (await stage.start({ planHash })).result();
}

async function untilWaiting(run: RunHandle): Promise<string> {
  for (;;) {
    const { phase, planHash } = await run.progress();
    if (phase === 'awaiting-approval' && planHash !== undefined) return planHash;
    await tick();
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 30));
}
