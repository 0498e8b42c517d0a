import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DeleteObjectCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import type { StackSpecInput } from '../fleet/stack-schema.js';
import type { Sandbox } from '../index.js';
import { cloudFormationClient, s3Client } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, eventsOf, idOf, stackOf, statusOf } from '../testing/stack-calls.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;
afterEach(() => sandbox.close());

async function start(stacks: StackSpecInput[], rest: Parameters<typeof oneTarget>[1] = {}) {
  sandbox = await oneTarget(stacks, rest);
  cfn = cloudFormationClient(sandbox.url, account, region);
}

/** Deletes a stack and lets `seconds` pass. */
async function attempt(nameOrId: string, seconds = 30): Promise<string> {
  await deleteStack(cfn, nameOrId);
  sandbox.clock.skip(seconds);
  return statusOf(cfn, nameOrId);
}

describe('a stack with a bucket', () => {
  const stack = { name: 'files', buckets: ['files-bucket'] };
  const bucket = { account, region, name: 'files-bucket', objects: 1 };

  test('fails while the bucket holds anything, with S3 saying so', async () => {
    await start([stack], { buckets: [bucket] });
    expect(await attempt('files')).toBe('DELETE_FAILED');
    expect(await stackOf(cfn, 'files')).toMatchObject({
      StackStatusReason: 'The following resource(s) failed to delete: [Bucket]. ',
    });
    expect((await eventsOf(cfn, 'files'))[1]).toMatch(
      /^Bucket DELETE_FAILED .*The bucket you tried to delete is not empty.*BucketNotEmpty/,
    );
  });

  test('goes once the bucket was emptied through S3, and takes the bucket with it', async () => {
    await start([stack], { buckets: [bucket] });
    const id = await idOf(cfn, 'files');
    await attempt(id);
    const s3 = s3Client(sandbox.url, account, region);
    const key = 'object-000000000';
    await s3.send(new DeleteObjectCommand({ Bucket: 'files-bucket', Key: key }));
    expect(sandbox.services.s3.contents('files-bucket')?.versions).toBe(0);
    expect(await attempt(id)).toBe('DELETE_COMPLETE');
    expect((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  test('goes at once when its bucket is empty', async () => {
    await start([stack]);
    const id = await idOf(cfn, 'files');
    expect(await attempt(id)).toBe('DELETE_COMPLETE');
    expect(sandbox.services.s3.contents('files-bucket')).toBeUndefined();
  });
});

describe('failures', () => {
  test.each([
    [{ kind: 'rateExceeded' as const, times: 2 }, /Rate exceeded/],
    [
      { kind: 'dependencyViolation' as const, times: 2 },
      /has a dependent object.*DependencyViolation/,
    ],
    [{ kind: 'replicatedFunction' as const, times: 2 }, /because it is a replicated function/],
    [{ kind: 'bucketNotEmpty' as const, times: 2 }, /BucketNotEmpty/],
    [{ kind: 'generic' as const, times: 2, reason: 'no reason' }, /no reason/],
  ])('%j fails so many deletes and says why', async (failure, reason) => {
    await start([{ name: 'a', failures: [failure] }]);
    const id = await idOf(cfn, 'a');
    expect(await attempt(id)).toBe('DELETE_FAILED');
    expect((await eventsOf(cfn, id))[1]).toMatch(reason);
    expect(await attempt(id)).toBe('DELETE_FAILED');
    expect(await attempt(id)).toBe('DELETE_COMPLETE');
  });

  test('can last for a time instead', async () => {
    await start([{ name: 'a', failures: [{ kind: 'replicatedFunction', forSeconds: 3600 }] }]);
    const id = await idOf(cfn, 'a');
    expect(await attempt(id)).toBe('DELETE_FAILED');
    sandbox.clock.skip(1800);
    expect(await attempt(id)).toBe('DELETE_FAILED');
    sandbox.clock.skip(1800);
    expect(await attempt(id)).toBe('DELETE_COMPLETE');
  });

  test('network interfaces make a delete late, and an event says so', async () => {
    await start([{ name: 'a', failures: [{ kind: 'networkInterfaces', seconds: 1200 }] }]);
    const id = await idOf(cfn, 'a');
    expect(await attempt(id, 1199)).toBe('DELETE_IN_PROGRESS');
    expect((await eventsOf(cfn, id))[0]).toMatch(/waiting for NetworkInterfaces associated/);
    sandbox.clock.skip(1);
    expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
  });

  test('the resources that could be deleted stay deleted', async () => {
    await start([{ name: 'a', resources: 3, failures: [{ kind: 'generic', times: 1 }] }]);
    await attempt('a');
    const stack = sandbox.services.cloudFormation.stacks.target(account, region).find('a');
    expect(stack?.liveResources.map((resource) => resource.status)).toEqual(['DELETE_FAILED']);
  });

  test('an express delete is complete before its resources are gone', async () => {
    await start([{ name: 'a', resources: 1, deleteSeconds: 100 }]);
    const id = await idOf(cfn, 'a');
    await deleteStack(cfn, id, { DeploymentConfig: { Mode: 'EXPRESS' } });
    sandbox.clock.skip(3);
    expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
    const stack = sandbox.services.cloudFormation.stacks.target(account, region).find(id);
    expect(stack?.resources[0]?.status).toBe('CREATE_COMPLETE');
    sandbox.clock.skip(100);
    sandbox.settle();
    expect(stack?.resources[0]?.status).toBe('DELETE_COMPLETE');
  });
});

describe('nested stacks', () => {
  const nested: StackSpecInput = {
    name: 'root',
    deleteSeconds: 10,
    nested: [
      { name: 'root-a', deleteSeconds: 50, nested: [{ name: 'root-a-b', deleteSeconds: 20 }] },
      { name: 'root-c', deleteSeconds: 5 },
    ],
  };

  test('go with their root, which waits for the last of them', async () => {
    await start([nested]);
    const [root, child] = [await idOf(cfn, 'root'), await idOf(cfn, 'root-a-b')];
    expect(await stackOf(cfn, child)).toMatchObject({ RootId: root });
    await attempt(root, 20);
    expect(await statusOf(cfn, root)).toBe('DELETE_IN_PROGRESS');
    sandbox.clock.skip(60);
    expect(await statusOf(cfn, child)).toBe('DELETE_COMPLETE');
    expect(await statusOf(cfn, root)).toBe('DELETE_COMPLETE');
  });

  test('that fail make their root fail, by name', async () => {
    await start([
      { name: 'root', nested: [{ name: 'child', failures: [{ kind: 'generic', times: 1 }] }] },
    ]);
    const child = await idOf(cfn, 'child');
    expect(await attempt('root', 120)).toBe('DELETE_FAILED');
    expect((await eventsOf(cfn, 'root'))[1]).toContain(
      `child DELETE_FAILED Embedded stack ${child} was not successfully deleted: The following resource(s) failed`,
    );
    const root = await idOf(cfn, 'root');
    expect(await attempt(root, 120)).toBe('DELETE_COMPLETE');
  });

  test('left behind by a forced delete of their root stay, as orphans with a ParentId', async () => {
    await start([{ name: 'root', nested: [{ name: 'child', failures: [{ kind: 'generic' }] }] }]);
    const root = await idOf(cfn, 'root');
    expect(await attempt(root, 120)).toBe('DELETE_FAILED');
    await deleteStack(cfn, root, { DeletionMode: 'FORCE_DELETE_STACK' });
    sandbox.clock.skip(120);
    expect(await statusOf(cfn, root)).toBe('DELETE_COMPLETE');
    expect(await stackOf(cfn, 'child')).toMatchObject({
      StackStatus: 'DELETE_FAILED',
      ParentId: root,
    });
  });

  test('whose export is in use keep their root from going', async () => {
    await start([
      { name: 'root', nested: [{ name: 'child', exports: ['x'] }] },
      { name: 'user', imports: ['x'] },
    ]);
    expect(await attempt('root', 120)).toBe('DELETE_FAILED');
    expect(await statusOf(cfn, 'child')).toBe('CREATE_COMPLETE');
    expect((await eventsOf(cfn, 'root'))[1]).toContain(
      'Cannot delete export x as it is in use by user',
    );
  });
});
