import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { deletesOf, itemOf, letTimePass, play, setStage, stack, still } from './scenario.js';

test('trap 3: a protected stack is planned as skipped, though the list of stacks does not say that it is protected', async () => {
  const stage = await setStage({
    fleet: { stacks: [stack('kept', { protected: true }), stack('app')] },
  });
  const plan = await stage.plan();
  const kept = plan.targets[0]!.items.find(({ name }) => name === 'kept');
  expect(kept).toMatchObject({ decision: 'skip', reason: 'termination protection is enabled' });
  expect(plan.totals).toEqual({ delete: 1, skip: 1, blocked: 0 });
});

test.each([
  ['with brackets', []],
  ['without brackets', ['us-east-1']],
])('trap 3: a protected stack is skipped when AWS says so %s', async (_, bracketlessRegions) => {
  const { result, stage } = await play({
    fleet: { stacks: [stack('kept', { protected: true })], cloudformation: { bracketlessRegions } },
  });
  expect(itemOf(result, 'kept')).toMatchObject({
    outcome: 'skipped',
    reason: 'termination protection is enabled',
  });
  expect((await stage.admin.stacks({ name: 'kept' }))[0]).toMatchObject({
    status: 'CREATE_COMPLETE',
    protected: true,
  });
});

test.each([
  ['terminationProtection: disable', { options: { terminationProtection: 'disable' } }],
  ['Custodian’s force', { actions: [{ type: 'delete', force: true }] }],
])(
  'trap 3: protection is turned off and the stack deleted with %s, alone in its target too',
  async (_, how) => {
    const { result } = await play({
      fleet: { stacks: [stack('kept', { protected: true })] },
      ...how,
    });
    expect(itemOf(result, 'kept')).toMatchObject({ outcome: 'deleted' });
  },
);

test('trap 4: a stack that is being updated is come back to', async () => {
  const stage = await setStage({
    fleet: { stacks: [stack('busy', { status: 'UPDATE_IN_PROGRESS', statusSeconds: 200 })] },
    config: { cleanup: { waits: { busy: '1s' } } },
    speed: still,
  });
  const run = await stage.start();
  while ((await deletesOf(stage, 'busy')).length === 0) await delay(50);
  letTimePass(stage);
  const result = await run.result();
  expect(itemOf(result, 'busy')).toMatchObject({ outcome: 'deleted' });
  expect(itemOf(result, 'busy').attempts).toBeGreaterThan(1);
});

test('trap 5: a stack in review is deleted, and one that refuses is reported with what AWS said', async () => {
  const { result } = await play({
    fleet: {
      stacks: [
        stack('reviewed', { status: 'REVIEW_IN_PROGRESS' }),
        stack('stuck', {
          status: 'REVIEW_IN_PROGRESS',
          failures: [{ kind: 'refused', message: 'Stack is in a bad way' }],
        }),
      ],
    },
  });
  expect(itemOf(result, 'reviewed').outcome).toBe('deleted');
  expect(itemOf(result, 'stuck')).toMatchObject({
    outcome: 'failed',
    reason: 'Stack is in a bad way',
  });
});

test('trap 6: a stack in ROLLBACK_COMPLETE is deleted, and nothing is ever tagged', async () => {
  const { result, stage } = await play({
    fleet: { stacks: [stack('rolled-back', { status: 'ROLLBACK_COMPLETE' })] },
  });
  expect(itemOf(result, 'rolled-back').outcome).toBe('deleted');
  const { actions } = await stage.admin.ledgerSummary();
  expect(
    Object.keys(actions).filter((action) => /:(UpdateStack|Tag|Put|Create)/.test(action)),
  ).toEqual([]);
});

test('trap 9: only DELETE_COMPLETE of the very StackId ends a delete, however long its resources take', async () => {
  const { result, stage } = await play({
    fleet: {
      stacks: [
        stack('slow', { deleteSeconds: 120 }),
        stack('base', { exports: ['x'] }),
        stack('app', { imports: ['x'], deleteSeconds: 60 }),
      ],
    },
  });
  expect(result.totals).toMatchObject({ deleted: 3 });
  const base = await deletesOf(stage, 'base');
  const app = (await stage.admin.stacks({ name: 'app' }))[0]!;
  expect(Date.parse(base[0]!.time)).toBeGreaterThanOrEqual(Date.parse(app.deletedAt!));
});
