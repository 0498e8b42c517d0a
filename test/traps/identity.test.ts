import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { settlementOf } from '../../src/activities/cleanup/settlement.js';
import {
  deletesOf,
  itemOf,
  letTimePass,
  play,
  region,
  setStage,
  stack,
  still,
  untilDeleting,
} from './scenario.js';

test('trap 2: every DeleteStack names a StackId, and a stack re-created under the name is left alone', async () => {
  const stage = await setStage({
    fleet: {
      stacks: [
        stack('first', { imports: ['x'], deleteSeconds: 60 }),
        stack('base', { exports: ['x'] }),
      ],
    },
    speed: still,
  });
  const run = await stage.start();
  await untilDeleting(stage, 'first');
  await stage.admin.skip(61);
  const again = await stage.admin.createStack(stack('first', { ageDays: 0 }));
  letTimePass(stage);
  const result = await run.result();
  expect(result.totals).toMatchObject({ deleted: 2, failed: 0 });
  const first = await stage.admin.stacks({ name: 'first' });
  expect(first.find(({ id }) => id === again.id)?.status).toBe('CREATE_COMPLETE');
  const deletes = await stage.admin.ledger({ action: 'DeleteStack' });
  expect(deletes.every(({ subject }) => subject?.startsWith('arn:aws:cloudformation:'))).toBe(true);
  expect(deletes.some(({ subject }) => subject === again.id)).toBe(false);
});

test('trap 1: an answer about another region is no proof that a stack is gone', async () => {
  const { sandbox } = await setStage({
    fleet: { regions: [region, 'eu-west-1'], stacks: [stack('app')] },
  });
  const [app] = await new (await import('../../sandbox/admin-client.js')).SandboxAdmin(
    sandbox.url,
  ).stacks({ name: 'app' });
  const client = new CloudFormationClient({
    region: 'ap-southeast-2',
    endpoint: sandbox.url,
    credentials: { accessKeyId: app!.account, secretAccessKey: 'sandbox' },
    maxAttempts: 1,
  });
  const now = new Date().toISOString();
  const asked = settlementOf({
    client,
    stack: { stackId: app!.id, startedAt: now, deadline: now },
    giveUpAfter: 1000,
    signal: new AbortController().signal,
  });
  await expect(asked).rejects.toThrow();
});

test('trap 15: a nested stack goes with its root and is not deleted by itself; an orphaned child is', async () => {
  const { result, stage } = await play({
    fleet: {
      stacks: [stack('root', { nested: [{ name: 'root-child', tags: { ephemeral: 'true' } }] })],
    },
  });
  expect(itemOf(result, 'root')).toMatchObject({ outcome: 'deleted' });
  expect(result.targets[0]!.items.find(({ name }) => name.includes('child'))).toMatchObject({
    outcome: 'skipped',
    reason: expect.stringContaining('root') as string,
  });
  const deletes = await stage.admin.ledger({ action: 'DeleteStack', effective: true });
  expect(deletes).toHaveLength(1);
});

test('trap 18: an instance of a StackSet is left alone and reported', async () => {
  const name = 'StackSet-guardrails-5f0c1f5e-2c4e-4e2b-9d9e-1f2a3b4c5d6e';
  const { result, stage } = await play({ fleet: { stacks: [stack(name), stack('app')] } });
  expect(itemOf(result, name)).toMatchObject({
    outcome: 'skipped',
    reason: expect.stringContaining('StackSet') as string,
  });
  expect(await deletesOf(stage, name)).toEqual([]);
  expect(itemOf(result, 'app').outcome).toBe('deleted');
});

test('trap 19: each attempt carries a token of its own, and every event of it shows that token', async () => {
  const { result, stage } = await play({
    fleet: {
      stacks: [stack('flaky', { failures: [{ kind: 'generic', times: 1 }] }), stack('other')],
    },
  });
  expect(itemOf(result, 'flaky')).toMatchObject({ outcome: 'deleted', attempts: 2, passes: 2 });
  const { effectiveDeletes } = await stage.admin.ledgerSummary();
  expect(effectiveDeletes['DeleteStack']?.[itemOf(result, 'flaky').id]).toBe(2);
});

test('trap 19: a response that is lost after the delete began does not begin a second one', async () => {
  const { result, stage } = await play({
    fleet: {
      stacks: Array.from({ length: 20 }, (_, index) => stack(`app-${index}`)),
      faults: [{ kind: 'loseResponse', actions: ['DeleteStack'], share: 0.5, when: 'after' }],
    },
  });
  expect(result.totals).toMatchObject({ deleted: 20, failed: 0 });
  const { effectiveDeletes } = await stage.admin.ledgerSummary();
  expect(Object.values(effectiveDeletes['DeleteStack'] ?? {})).toEqual(
    Array.from({ length: 20 }, () => 1),
  );
});

test('trap 21: a status that is read too soon after a write is not believed', async () => {
  const { result } = await play({
    fleet: {
      stacks: Array.from({ length: 12 }, (_, index) =>
        stack(`app-${index}`, { deleteSeconds: 20 }),
      ),
      faults: [{ kind: 'staleRead', share: 0.6, seconds: 8 }],
    },
  });
  expect(result.totals).toMatchObject({ deleted: 12, blocked: 0, failed: 0 });
});
