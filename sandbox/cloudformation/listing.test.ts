import {
  DescribeStacksCommand,
  ListStacksCommand,
  paginateDescribeStacks,
  paginateListStacks,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, test } from 'vitest';
import { defineFleet } from '../fleet/load.js';
import { startSandbox, type Sandbox } from '../index.js';
import { cloudFormationClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, idOf, statusOf } from '../testing/stack-calls.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;
afterEach(() => sandbox.close());

async function start(...of: Parameters<typeof oneTarget>) {
  sandbox = await oneTarget(...of);
  cfn = cloudFormationClient(sandbox.url, account, region);
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `s${index}`, ageDays: index + 1 }));

describe('DescribeStacks', () => {
  test('gives all stacks in pages of a hundred at most', async () => {
    await start(many(250));
    const sizes: number[] = [];
    const names = new Set<string>();
    for await (const page of paginateDescribeStacks({ client: cfn }, {})) {
      sizes.push(page.Stacks?.length ?? 0);
      for (const stack of page.Stacks ?? []) names.add(stack.StackName ?? '');
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(names.size).toBe(250);
  });

  test('ends a page at a megabyte', async () => {
    const tags = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`tag-${index}`, 'x'.repeat(250)]),
    );
    await start(many(100).map((stack) => ({ ...stack, tags })));
    const { Stacks, NextToken } = await cfn.send(new DescribeStacksCommand({}));
    expect(Stacks?.length).toBeLessThan(100);
    expect(Stacks?.length).toBeGreaterThan(30);
    expect(NextToken).toBeDefined();
  });

  test('skips and repeats nothing when stacks go while it is read', async () => {
    await start(many(150));
    const first = await cfn.send(new DescribeStacksCommand({}));
    await deleteStack(cfn, 's0');
    await deleteStack(cfn, 's120');
    sandbox.clock.skip(60);
    const second = await cfn.send(new DescribeStacksCommand({ NextToken: first.NextToken }));
    const names = [...(first.Stacks ?? []), ...(second.Stacks ?? [])].map((s) => s.StackName);
    expect(new Set(names).size).toBe(149);
    expect(names).not.toContain('s120');
  });

  test('leaves EnableTerminationProtection out unless a stack is named', async () => {
    await start([{ name: 'kept', protected: true }]);
    const all = await cfn.send(new DescribeStacksCommand({}));
    expect(all.Stacks?.[0]).not.toHaveProperty('EnableTerminationProtection');
    const one = await cfn.send(new DescribeStacksCommand({ StackName: 'kept' }));
    expect(one.Stacks?.[0]?.EnableTerminationProtection).toBe(true);
  });

  test.each([
    [false, false],
    [true, true],
  ])('says %s of it in lists when the fleet wants that', async (setting, seen) => {
    await start([{ name: 'kept', protected: true }], {
      cloudformation: { listShowsProtection: setting },
    });
    const { Stacks } = await cfn.send(new DescribeStacksCommand({}));
    expect(Stacks?.[0]?.EnableTerminationProtection).toBe(seen);
  });

  test('leaves out deleted stacks', async () => {
    await start(many(2));
    await deleteStack(cfn, 's0');
    sandbox.clock.skip(60);
    const { Stacks } = await cfn.send(new DescribeStacksCommand({}));
    expect(Stacks?.map((stack) => stack.StackName)).toEqual(['s1']);
  });

  test('forgets a deleted stack after ninety days', async () => {
    await start(many(1));
    const id = await idOf(cfn, 's0');
    await deleteStack(cfn, id);
    sandbox.clock.skip(89 * 86_400);
    expect(await statusOf(cfn, id)).toBe('DELETE_COMPLETE');
    sandbox.clock.skip(2 * 86_400);
    await expect(statusOf(cfn, id)).rejects.toThrow(`Stack with id ${id} does not exist`);
  });

  test('refuses a token that it did not give', async () => {
    await start(many(1));
    await expect(cfn.send(new DescribeStacksCommand({ NextToken: 'x' }))).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });
});

describe('ListStacks', () => {
  test('gives the newest first, deleted ones included, in pages of a hundred', async () => {
    await start(many(150));
    await deleteStack(cfn, 's0');
    sandbox.clock.skip(60);
    const names: string[] = [];
    for await (const page of paginateListStacks({ client: cfn }, {})) {
      expect(page.StackSummaries?.length).toBeLessThanOrEqual(100);
      names.push(...(page.StackSummaries ?? []).map((stack) => stack.StackName ?? ''));
    }
    expect(names).toEqual(many(150).map((stack) => stack.name));
  });

  test('filters by status', async () => {
    await start([...many(3), { name: 'failed', status: 'DELETE_FAILED' }]);
    const { StackSummaries } = await cfn.send(
      new ListStacksCommand({ StackStatusFilter: ['DELETE_FAILED', 'ROLLBACK_COMPLETE'] }),
    );
    expect(StackSummaries?.map((stack) => stack.StackName)).toEqual(['failed']);
  });

  test('tells nested stacks by ParentId and RootId', async () => {
    await start([{ name: 'root', nested: [{ name: 'mid', nested: [{ name: 'leaf' }] }] }]);
    const { StackSummaries } = await cfn.send(new ListStacksCommand({}));
    const named = (name: string) => StackSummaries?.find((stack) => stack.StackName === name);
    expect(named('root')?.ParentId).toBeUndefined();
    expect(named('leaf')).toMatchObject({
      ParentId: named('mid')?.StackId,
      RootId: named('root')?.StackId,
    });
  });
});

describe('names and ids', () => {
  test('a name that is used again gets a new StackId, and the old one stays deleted', async () => {
    await start([{ name: 'again', deleteSeconds: 5 }]);
    const old = await idOf(cfn, 'again');
    await deleteStack(cfn, old);
    sandbox.clock.skip(5);
    expect(await statusOf(cfn, old)).toBe('DELETE_COMPLETE');
    const admin = await fetch(`${sandbox.url}/_sandbox/stacks`, {
      method: 'POST',
      body: JSON.stringify({ account, region, name: 'again' }),
    });
    expect(admin.status).toBe(200);
    const renewed = await idOf(cfn, 'again');
    expect(renewed).not.toBe(old);
    await deleteStack(cfn, old);
    sandbox.clock.skip(60);
    expect(await statusOf(cfn, renewed)).toBe('CREATE_COMPLETE');
  });

  test("neither another region nor another account sees a StackId, and a wrong region's answer reads like a deleted stack's", async () => {
    sandbox = await startSandbox({
      fleet: defineFleet({
        regions: [region, 'eu-west-1'],
        accounts: [
          { id: account, name: 'dev-1' },
          { id: '222222222222', name: 'dev-2' },
        ],
        stacks: [{ account, region, name: 'mine' }],
      }),
    });
    const id = await idOf(cloudFormationClient(sandbox.url, account, region), 'mine');
    for (const stranger of [
      cloudFormationClient(sandbox.url, account, 'eu-west-1'),
      cloudFormationClient(sandbox.url, '222222222222', region),
    ])
      await expect(statusOf(stranger, id)).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('stale reads', () => {
  test('show the status of a while ago', async () => {
    await start(many(1), { faults: [{ kind: 'staleRead', share: 1, seconds: 10 }] });
    await deleteStack(cfn, 's0');
    sandbox.clock.skip(9);
    expect(await statusOf(cfn, 's0')).toBe('CREATE_COMPLETE');
    const { StackSummaries } = await cfn.send(new ListStacksCommand({}));
    expect(StackSummaries?.[0]?.StackStatus).toBe('CREATE_COMPLETE');
    sandbox.clock.skip(2);
    expect(await statusOf(cfn, 's0')).toBe('DELETE_IN_PROGRESS');
  });
});
