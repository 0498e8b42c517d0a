import {
  UpdateTerminationProtectionCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../index.js';
import { cloudFormationClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, eventsOf, idOf, statusOf } from '../testing/stack-calls.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;

const fleet = [
  { name: 'plain', deleteSeconds: 10 },
  { name: 'kept', protected: true, nested: [{ name: 'kept-child' }] },
  { name: 'busy', status: 'UPDATE_IN_PROGRESS' as const, statusSeconds: 60 },
  { name: 'coming', status: 'CREATE_IN_PROGRESS' as const, deleteSeconds: 10 },
  { name: 'undone', status: 'ROLLBACK_COMPLETE' as const, deleteSeconds: 1 },
  { name: 'draft', status: 'REVIEW_IN_PROGRESS' as const, deleteSeconds: 1 },
  {
    name: 'stuck-draft',
    status: 'REVIEW_IN_PROGRESS' as const,
    failures: [
      { kind: 'refused' as const, code: 'InternalFailure' as const, message: 'Internal Failure' },
    ],
  },
  { name: 'orphaned', failures: [{ kind: 'roleGone' as const }], deleteSeconds: 10 },
  {
    name: 'flaky',
    deleteSeconds: 10,
    failures: [{ kind: 'generic' as const, times: 1, reason: 'it hurts', resource: 'Sore' }],
  },
];

beforeEach(async () => {
  sandbox = await oneTarget(fleet);
  cfn = cloudFormationClient(sandbox.url, account, region);
});
afterEach(() => sandbox.close());

describe('termination protection', () => {
  test('refuses a delete at once', async () => {
    await expect(deleteStack(cfn, 'kept')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack [kept] cannot be deleted while TerminationProtection is enabled',
    });
    expect(await statusOf(cfn, 'kept')).toBe('CREATE_COMPLETE');
  });

  test('reads without brackets in some regions', async () => {
    await sandbox.close();
    sandbox = await oneTarget(fleet, { cloudformation: { bracketlessRegions: [region] } });
    cfn = cloudFormationClient(sandbox.url, account, region);
    await expect(deleteStack(cfn, 'kept')).rejects.toMatchObject({
      message: 'Stack kept cannot be deleted while TerminationProtection is enabled',
    });
  });

  test('of a root covers its nested stacks', async () => {
    await expect(deleteStack(cfn, 'kept-child')).rejects.toThrow(/TerminationProtection/);
  });

  test('can be taken off, and then the stack goes', async () => {
    const off = { StackName: 'kept', EnableTerminationProtection: false };
    await cfn.send(new UpdateTerminationProtectionCommand(off));
    await deleteStack(cfn, 'kept');
    expect(await statusOf(cfn, 'kept')).toBe('DELETE_IN_PROGRESS');
  });

  test('cannot be set on a nested stack', async () => {
    const on = { StackName: 'kept-child', EnableTerminationProtection: true };
    await expect(cfn.send(new UpdateTerminationProtectionCommand(on))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});

describe('status', () => {
  test('a stack that is being updated is refused until the update is over', async () => {
    const id = await idOf(cfn, 'busy');
    await expect(deleteStack(cfn, 'busy')).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Stack [${id}] cannot be deleted while in status UPDATE_IN_PROGRESS`,
    });
    sandbox.clock.skip(60);
    expect(await statusOf(cfn, 'busy')).toBe('UPDATE_COMPLETE');
    await deleteStack(cfn, 'busy');
    expect(await statusOf(cfn, 'busy')).toBe('DELETE_IN_PROGRESS');
  });

  test.each(['coming', 'undone', 'draft'])('a stack like %s can be deleted', async (name) => {
    const id = await idOf(cfn, name);
    await deleteStack(cfn, id);
    sandbox.clock.skip(10);
    expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
  });

  test('some stacks in review answer InternalFailure', async () => {
    await expect(deleteStack(cfn, 'stuck-draft')).rejects.toMatchObject({
      name: 'InternalFailure',
      $metadata: { httpStatusCode: 500 },
    });
  });
});

describe('ClientRequestToken', () => {
  test('marks every event of its delete', async () => {
    const id = await idOf(cfn, 'plain');
    await deleteStack(cfn, id, { ClientRequestToken: 'night-1' });
    sandbox.clock.skip(10);
    sandbox.settle();
    const { stacks } = sandbox.services.cloudFormation;
    const events = stacks.target(account, region).find(id)?.events ?? [];
    const ofTheDelete = events.filter((event) => event.status.startsWith('DELETE'));
    expect(ofTheDelete.length).toBeGreaterThan(2);
    expect(new Set(ofTheDelete.map((event) => event.token))).toEqual(new Set(['night-1']));
  });

  test('makes a repeat the same delete, even after it failed', async () => {
    const id = await idOf(cfn, 'flaky');
    await deleteStack(cfn, id, { ClientRequestToken: 'a' });
    sandbox.clock.skip(10);
    expect(await statusOf(cfn, id)).toBe('DELETE_FAILED');
    await deleteStack(cfn, id, { ClientRequestToken: 'a' });
    expect(await statusOf(cfn, id)).toBe('DELETE_FAILED');
    await deleteStack(cfn, id, { ClientRequestToken: 'b' });
    expect(await statusOf(cfn, id)).toBe('DELETE_IN_PROGRESS');
  });

  test.each(['-a', 'a_b', 'x'.repeat(129)])('"%s" is refused', async (token) => {
    await expect(deleteStack(cfn, 'plain', { ClientRequestToken: token })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});

describe('the role of a stack', () => {
  const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;

  test('that is gone refuses the delete, until another is given', async () => {
    const id = await idOf(cfn, 'orphaned');
    await expect(deleteStack(cfn, id)).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Role ${role('orphaned-deployer')} is invalid or cannot be assumed`,
    });
    await deleteStack(cfn, id, { RoleARN: role('nightshift-spoke') });
    sandbox.clock.skip(10);
    expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
  });

  test('that is given has to exist', async () => {
    await expect(deleteStack(cfn, 'plain', { RoleARN: role('nobody') })).rejects.toThrow(
      `Role ${role('nobody')} is invalid or cannot be assumed`,
    );
  });
});

describe('RetainResources and FORCE_DELETE_STACK', () => {
  test('are refused unless the stack is in DELETE_FAILED', async () => {
    const id = await idOf(cfn, 'plain');
    await expect(
      deleteStack(cfn, id, { DeletionMode: 'FORCE_DELETE_STACK' }),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Invalid operation on stack [${id}]. You can activate DeletionMode FORCE_DELETE_STACK in a delete stack operation only when the stack is in the DELETE_FAILED state.`,
    });
    await expect(deleteStack(cfn, id, { RetainResources: ['Resource0'] })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  test('a retained resource must not be gone already', async () => {
    await deleteStack(cfn, 'flaky');
    sandbox.clock.skip(10);
    await expect(deleteStack(cfn, 'flaky', { RetainResources: ['Resource0'] })).rejects.toThrow(
      /must be in a valid state/,
    );
  });

  test('leave what fails behind, and the sandbox remembers it', async () => {
    const id = await idOf(cfn, 'flaky');
    await deleteStack(cfn, id);
    sandbox.clock.skip(10);
    expect((await eventsOf(cfn, id))[1]).toBe('Sore DELETE_FAILED it hurts');
    await deleteStack(cfn, id, { RetainResources: ['Sore'] });
    sandbox.clock.skip(10);
    expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
    expect(sandbox.services.cloudFormation.deletion.orphans).toMatchObject([
      { stackId: id, logicalId: 'Sore' },
    ]);
  });
});

test('more resources at once than ConcurrentResourcesLimit allows are refused', async () => {
  await sandbox.close();
  sandbox = await oneTarget(
    [
      { name: 'a', resources: 6 },
      { name: 'b', resources: 6 },
    ],
    {
      cloudformation: { concurrentResourcesLimit: 10 },
    },
  );
  cfn = cloudFormationClient(sandbox.url, account, region);
  await deleteStack(cfn, 'a');
  await expect(deleteStack(cfn, 'b')).rejects.toMatchObject({ name: 'LimitExceededException' });
  sandbox.clock.skip(30);
  await deleteStack(cfn, 'b');
  expect(await statusOf(cfn, 'b')).toBe('DELETE_IN_PROGRESS');
});
