import { DescribeStacksCommand, type CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { cloudFormationClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, eventsOf, idOf, stackOf, statusOf } from '../testing/stack-calls.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;
afterEach(() => sandbox.close());

async function start(...of: Parameters<typeof oneTarget>) {
  sandbox = await oneTarget(...of);
  cfn = cloudFormationClient(sandbox.url, account, region);
}

test('a stack is as old as the fleet says', async () => {
  await start([{ name: 'a', ageDays: 3, updatedDaysAgo: 1, tags: { ephemeral: 'true' } }]);
  const stack = await stackOf(cfn, 'a');
  const daysSince = (time: Date | undefined) =>
    Math.round((sandbox.clock.now() - (time?.getTime() ?? 0)) / 86_400_000);
  expect(daysSince(stack.CreationTime)).toBe(3);
  expect(daysSince(stack.LastUpdatedTime)).toBe(1);
  expect(stack.Tags).toEqual([{ Key: 'ephemeral', Value: 'true' }]);
});

test('a delete that is under way when the sandbox starts comes to its end', async () => {
  await start([{ name: 'a', status: 'DELETE_IN_PROGRESS', deleteSeconds: 40 }]);
  const id = await idOf(cfn, 'a');
  expect(await statusOf(cfn, id)).toBe('DELETE_IN_PROGRESS');
  sandbox.clock.skip(40);
  expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
});

test('a delete that has failed shows which resources are left, and may be retried with them retained', async () => {
  await start([
    {
      name: 'a',
      status: 'DELETE_FAILED',
      resources: 2,
      failures: [{ kind: 'dependencyViolation', resource: 'Group' }],
    },
  ]);
  const id = await idOf(cfn, 'a');
  expect((await eventsOf(cfn, id))[0]).toBe(
    'a DELETE_FAILED The following resource(s) failed to delete: [Group].',
  );
  await deleteStack(cfn, id, { RetainResources: ['Group'] });
  sandbox.clock.skip(60);
  expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
});

test('an update that never ends stays in progress', async () => {
  await start([{ name: 'a', status: 'UPDATE_ROLLBACK_IN_PROGRESS' }]);
  sandbox.clock.skip(86_400);
  expect(await statusOf(cfn, 'a')).toBe('UPDATE_ROLLBACK_IN_PROGRESS');
});

test('a cleanup after an update ends in UPDATE_COMPLETE', async () => {
  await start([{ name: 'a', status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', statusSeconds: 30 }]);
  sandbox.clock.skip(30);
  expect(await statusOf(cfn, 'a')).toBe('UPDATE_COMPLETE');
});

test('a creation that was rolled back exports nothing and has no resources', async () => {
  await start([{ name: 'a', status: 'ROLLBACK_COMPLETE', outputs: { Url: 'x' } }]);
  expect((await stackOf(cfn, 'a')).Outputs).toEqual([]);
});

test('a bucket of a stack is created with it, or is the one that the fleet describes', async () => {
  await start(
    [
      { name: 'a', buckets: ['bucket-of-a'] },
      { name: 'b', buckets: ['bucket-of-b'] },
    ],
    {
      regions: ['eu-west-1', region],
      buckets: [{ account, region, name: 'bucket-of-b', objects: 3 }],
    },
  );
  expect(sandbox.services.s3.contents('bucket-of-a')?.versions).toBe(0);
  expect(sandbox.services.s3.contents('bucket-of-b')?.versions).toBe(3);
});

test('what an account has elsewhere is not seen here', async () => {
  await start([{ name: 'a' }], { regions: [region, 'eu-west-1'] });
  const elsewhere = cloudFormationClient(sandbox.url, account, 'eu-west-1');
  expect((await elsewhere.send(new DescribeStacksCommand({}))).Stacks ?? []).toEqual([]);
});
