import { CreateStackCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CreateSubnetCommand } from '@aws-sdk/client-ec2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type EmulatedTarget, emulatedTarget } from './aws.js';
import { deletesOf, stackNameOf } from './deletes.js';
import { livingIn } from './living.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { policyFile } from './policies.js';
import { type Proxy, startProxy } from './proxy.js';
import { seedStack, tagList } from './seed-stack.js';
import { itemNamed } from './selection.js';
import { until } from './until.js';
import { makeWorkspace, type Workspace } from './workspace.js';

const account = { id: '111111111111', name: 'dev-1' };
const region = 'us-east-1';
const tags = { ephemeral: 'true' };

describe('a run that meets trouble', () => {
  let emulator: MiniStack;
  let proxy: Proxy;
  let workspace: Workspace;
  let target: EmulatedTarget;

  beforeAll(async () => {
    emulator = await startMiniStack();
  });
  afterAll(async () => {
    await emulator?.stop();
  });
  beforeEach(async () => {
    await emulator.reset();
    proxy = await startProxy(emulator.endpoint);
    target = emulatedTarget(emulator.endpoint, account.id, region);
    workspace = await workspaceWith('cleanup');
  });
  afterEach(async () => {
    await workspace?.remove();
    await proxy?.stop();
  });

  /** A workspace on this one target, with one policy file. */
  const workspaceWith = async (policies: string) =>
    makeWorkspace({
      endpoint: proxy.endpoint,
      accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
      regions: [region],
      policies: [(await policyFile(policies)).path],
    });

  test('reports a stack as blocked whose export comes into use between plan and delete', async () => {
    await seedStack(target, { name: 'base', tags, exports: ['base-topic'] });
    await seedStack(target, { name: 'user', tags, imports: ['base-topic'] });
    // The first delete of `base` finds a stack that was not there when the run looked.
    let created = false;
    proxy.beforeCall = async ({ action, parameters }) => {
      const name = stackNameOf(parameters['StackName'] ?? '');
      if (action !== 'DeleteStack' || name !== 'base' || created) return;
      created = true;
      await seedStack(target, { name: 'latecomer', imports: ['base-topic'] });
    };

    const { exitCode, result } = await workspace.run();

    expect(created).toBe(true);
    expect({ exitCode, status: result.status }).toEqual({ exitCode: 0, status: 'completed' });
    const [dev] = result.targets;
    expect(itemNamed(dev!, 'user').outcome).toBe('deleted');
    const base = itemNamed(dev!, 'base');
    expect(base.outcome).toBe('blocked');
    expect(base.blockedBy?.map((importer) => importer.name)).toEqual(['latecomer']);
    const { stacks } = await livingIn(emulator.endpoint, account.id, region);
    expect(stacks).toEqual(['base', 'latecomer']);
  });

  test('never deletes a stack that was re-created under the name of a selected one', async () => {
    const old = await seedStack(target, { name: 'phoenix', tags });
    await seedStack(target, { name: 'other', tags });
    let recreated = '';
    proxy.beforeCall = async () => {
      const gone = deletesOf(proxy.calls, account.id, region).some((call) => call.stackId === old);
      // Whatever the run asks first after the delete, the name is in use again by then.
      if (gone && recreated === '') {
        recreated = 'under way';
        recreated = await seedStack(target, { name: 'phoenix', tags });
      }
    };

    const { result } = await workspace.run();

    const deletes = deletesOf(proxy.calls, account.id, region);
    expect(deletes.filter((call) => call.stackName === 'phoenix')).toEqual([
      { stackId: old, stackName: 'phoenix' },
    ]);
    expect(itemNamed(result.targets[0]!, 'phoenix').outcome).toBe('deleted');
    expect(itemNamed(result.targets[0]!, 'other').outcome).toBe('deleted');
    expect(recreated).toContain(':stack/phoenix/');
    const { stacks } = await livingIn(emulator.endpoint, account.id, region);
    expect(stacks).toEqual(['phoenix']);
  });

  test('reports a failed delete with its reason, and deletes all that does not stand on it', async () => {
    await seedStack(target, { name: 'independent', tags });
    await seedNetwork(target, 'network');

    const { exitCode, result } = await workspace.run();

    expect({ exitCode, status: result.status }).toEqual({
      exitCode: 1,
      status: 'completed-with-failures',
    });
    const network = itemNamed(result.targets[0]!, 'network');
    expect(network.outcome).toBe('failed');
    expect(network.reason).toMatch(/Vpc|dependenc/i);
    expect(network.events?.map((event) => event.status)).toContain('DELETE_FAILED');
    expect(itemNamed(result.targets[0]!, 'independent').outcome).toBe('deleted');
    const { stacks } = await livingIn(emulator.endpoint, account.id, region);
    expect(stacks).toEqual(['network']);
  });

  test('deletes a protected stack, and what it holds on to, where the policy says force', async () => {
    await seedStack(target, { name: 'vault-base', tags, exports: ['vault-key'] });
    await seedStack(target, {
      name: 'vault',
      tags,
      imports: ['vault-key'],
      terminationProtection: true,
    });
    await workspace.remove();
    workspace = await workspaceWith('force');

    const { exitCode, result } = await workspace.run();

    expect(exitCode).toBe(0);
    expect(result.totals).toMatchObject({ deleted: 2, skipped: 0, blocked: 0, failed: 0 });
    const order = deletesOf(proxy.calls, account.id, region).map((call) => call.stackName);
    expect(order).toEqual(['vault', 'vault-base']);
    expect((await livingIn(emulator.endpoint, account.id, region)).stacks).toEqual([]);
  });

  test('deletes more stacks than a page holds, each once', async () => {
    const count = 130;
    await seedStack(target, { name: 'base', tags, exports: ['base-topic'] });
    for (let index = 1; index < count; index++) {
      await seedStack(target, { name: `user-${index}`, tags, imports: ['base-topic'] });
    }

    const { result } = await workspace.run();

    expect(result.totals).toMatchObject({ deleted: count, failed: 0 });
    const deletes = deletesOf(proxy.calls, account.id, region).map((call) => call.stackId);
    expect(new Set(deletes).size).toBe(count);
    expect(deletes).toHaveLength(count);
    expect((await livingIn(emulator.endpoint, account.id, region)).stacks).toEqual([]);
  });

  test('fails one target that cannot be reached, and finishes the others', async () => {
    await seedStack(target, { name: 'reachable', tags });
    await workspace.remove();
    workspace = await makeWorkspace({
      endpoint: proxy.endpoint,
      accounts: { list: [account, { id: '222222222222', name: 'dev-2' }] },
      regions: [region],
      policies: [(await policyFile('cleanup')).path],
      credentials: account.id,
    });

    const { exitCode, result } = await workspace.run();

    expect(exitCode).toBe(1);
    const [reached, denied] = ['dev-1', 'dev-2'].map((name) =>
      result.targets.find((candidate) => candidate.account.name === name),
    );
    expect(itemNamed(reached!, 'reachable').outcome).toBe('deleted');
    // Its credentials are another account's: nothing may be deleted there under a wrong name.
    expect(denied!.error).toMatchObject({ code: 'AwsAccess' });
    expect(denied!.items).toEqual([]);
  });
});

/** A stack whose network holds a subnet that it knows nothing of: CloudFormation can't delete it. */
async function seedNetwork(target: EmulatedTarget, name: string): Promise<void> {
  const template = {
    Resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } } },
  };
  const { cloudFormation, ec2 } = target;
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: JSON.stringify(template),
      Tags: tagList(tags),
    }),
  );
  let vpc: string | undefined;
  await until(`${name} to have its network`, async () => {
    const { StackResourceSummaries: resources = [] } = await cloudFormation.send(
      new ListStackResourcesCommand({ StackName: name }),
    );
    vpc = resources.find(
      (resource) => resource.ResourceStatus === 'CREATE_COMPLETE',
    )?.PhysicalResourceId;
    return vpc !== undefined;
  });
  await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.0.1.0/24' }));
}
