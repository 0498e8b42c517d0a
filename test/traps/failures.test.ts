import { expect, test } from 'vitest';
import { account, deletesOf, itemOf, play, region, setStage, stack } from './scenario.js';

const bucket = {
  account: account.name,
  region,
  name: 'app-uploads',
  objects: 30,
  versions: 60,
  deleteMarkers: 5,
  uploads: 2,
};

test('trap 7: a failure is classified from its events, and one downstream that was throttled is tried again', async () => {
  const { result } = await play({
    fleet: { stacks: [stack('api', { failures: [{ kind: 'rateExceeded', times: 2 }] })] },
  });
  expect(itemOf(result, 'api')).toMatchObject({ outcome: 'deleted', attempts: 3, passes: 1 });
});

test('trap 7: a failed stack stops only what stands on it', async () => {
  const { result } = await play({
    fleet: {
      stacks: [
        stack('app', { imports: ['x'], failures: [{ kind: 'generic', reason: 'no such luck' }] }),
        stack('base', { exports: ['x'] }),
        stack('elsewhere'),
      ],
    },
  });
  expect(itemOf(result, 'app')).toMatchObject({
    outcome: 'failed',
    failureClass: 'unknown',
    reason: 'no such luck',
  });
  expect(itemOf(result, 'app').events).not.toEqual([]);
  expect(itemOf(result, 'base')).toMatchObject({
    outcome: 'blocked',
    blockedBy: [{ name: 'app' }],
  });
  expect(itemOf(result, 'elsewhere').outcome).toBe('deleted');
  expect(result.status).toBe('completed-with-failures');
});

test.each(['retain', 'force'] as const)(
  'trap 8: %s is used only where the policy says so, from DELETE_FAILED, with a ledger of what stays',
  async (lastResort) => {
    const { result, stage } = await play({
      fleet: {
        stacks: [
          stack('stubborn', {
            failures: [{ kind: 'generic', reason: 'the custom resource is gone' }],
          }),
          stack('other'),
        ],
      },
      options: { lastResort },
    });
    const item = itemOf(result, 'stubborn');
    expect(item.outcome).toBe('deleted');
    expect(item.orphans).toMatchObject([
      { type: 'Custom::Resource', reason: 'the custom resource is gone' },
    ]);
    expect(result.totals.orphaned).toBe(1);
    expect(await stage.admin.orphans()).toHaveLength(1);
  },
);

test('trap 8: without the policy’s word nothing is retained or forced', async () => {
  const { result, stage } = await play({
    fleet: { stacks: [stack('stubborn', { failures: [{ kind: 'generic' }] }), stack('other')] },
  });
  expect(itemOf(result, 'stubborn')).toMatchObject({ outcome: 'failed' });
  expect(result.totals.orphaned).toBe(0);
  expect(await stage.admin.orphans()).toEqual([]);
});

test('trap 11: where a stack’s own role is gone it is deleted with the configured one', async () => {
  const roleArn = `arn:aws:iam::${account.id}:role/gone`;
  const gone = stack('orphan-role', { roleArn, failures: [{ kind: 'roleGone' }] });
  const helped = await play({
    fleet: { stacks: [gone] },
    options: { deleteRole: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
  });
  expect(itemOf(helped.result, 'orphan-role')).toMatchObject({ outcome: 'deleted', attempts: 2 });
  const alone = await play({ fleet: { stacks: [gone] } });
  expect(itemOf(alone.result, 'orphan-role')).toMatchObject({
    outcome: 'failed',
    failureClass: 'role-gone',
  });
});

test('trap 12: a stack whose bucket is not empty goes once the bucket is emptied of versions, markers and uploads', async () => {
  const { result, stage } = await play({
    fleet: { stacks: [stack('site', { buckets: ['app-uploads'] })], buckets: [bucket] },
    options: { nonEmptyBuckets: 'empty' },
  });
  expect(itemOf(result, 'site')).toMatchObject({ outcome: 'deleted', attempts: 2 });
  expect(await stage.admin.bucket('app-uploads')).toBeNull();
});

test('trap 12: a bucket left behind stays in the ledger when the next attempt fails for another reason', async () => {
  const site = stack('site', {
    buckets: ['app-uploads'],
    failures: [{ kind: 'generic', times: 2 }],
  });
  const { result } = await play({
    fleet: { stacks: [site, stack('other')], buckets: [bucket] },
    options: { nonEmptyBuckets: 'retain' },
  });
  expect(itemOf(result, 'site')).toMatchObject({
    outcome: 'deleted',
    orphans: [{ physicalId: 'app-uploads' }],
  });
});

test('trap 12: a bucket is left full where the policy says fail, and left behind where it says retain', async () => {
  const fleet = { stacks: [stack('site', { buckets: ['app-uploads'] })], buckets: [bucket] };
  const kept = await play({ fleet });
  expect(itemOf(kept.result, 'site')).toMatchObject({
    outcome: 'failed',
    failureClass: 'bucket-not-empty',
  });
  expect(await kept.stage.admin.bucket('app-uploads')).toMatchObject({ versions: 65 });
  const retained = await play({ fleet, options: { nonEmptyBuckets: 'retain' } });
  expect(itemOf(retained.result, 'site')).toMatchObject({
    outcome: 'deleted',
    orphans: [{ physicalId: 'app-uploads' }],
  });
  expect(await retained.stage.admin.bucket('app-uploads')).not.toBeNull();
});

test('trap 13: a replicated function and a dependent object are waited for, network interfaces watched', async () => {
  const { result } = await play({
    fleet: {
      stacks: [
        stack('edge', { failures: [{ kind: 'replicatedFunction', times: 2 }] }),
        stack('lambda', { failures: [{ kind: 'networkInterfaces', seconds: 40 }] }),
        stack('group', { failures: [{ kind: 'dependencyViolation', times: 1 }] }),
      ],
    },
  });
  expect(itemOf(result, 'edge')).toMatchObject({ outcome: 'deleted', attempts: 3, passes: 1 });
  expect(itemOf(result, 'lambda')).toMatchObject({ outcome: 'deleted', attempts: 1 });
  expect(itemOf(result, 'group')).toMatchObject({ outcome: 'deleted', attempts: 2, passes: 2 });
});

test('trap 17: manual snapshots go, automated and shared ones stay with the reason, one that is not available is tried again', async () => {
  const tags = { ephemeral: 'true' };
  const snapshot = (id: string, more: object = {}) => ({
    account: account.name,
    region,
    id,
    tags,
    ...more,
  });
  const stage = await setStage({
    fleet: {
      snapshots: [
        snapshot('manual'),
        snapshot('rds:nightly', { type: 'automated' }),
        snapshot('copying', { status: 'creating', availableAfter: 5 }),
      ],
    },
    policies: [
      {
        name: 'snapshots',
        resource: 'aws.rds-snapshot',
        filters: [{ 'tag:ephemeral': 'true' }],
        actions: ['delete'],
      },
    ],
  });
  const result = await stage.run();
  expect(itemOf(result, 'manual').outcome).toBe('deleted');
  const automated = result.targets[0]!.items.find(({ name }) => name.includes('nightly'));
  expect(automated).toMatchObject({
    outcome: 'skipped',
    reason: expect.stringContaining('automated') as string,
  });
  expect(itemOf(result, 'copying').outcome).toBe('deleted');
  expect(await deletesOf(stage, 'manual')).toEqual([]);
});
