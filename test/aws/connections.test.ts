import { DescribeStacksCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, defineFleet, startSandbox } from '../../sandbox/index.js';
import { countCalls } from '../../src/aws/calls.js';
import { AwsConnections } from '../../src/aws/connections.js';
import type { Attempt } from '../../src/aws/pacing-middleware.js';
import type { Access } from '../../src/domain/cleanup/spec.js';
import { type Pace, paceSchema } from '../../src/domain/config/index.js';
import type { Target } from '../../src/domain/target.js';

const hub = '000000000000';
const dev1 = { id: '111111111111', name: 'dev-1' };
const dev2 = { id: '222222222222', name: 'dev-2' };
const regions = ['us-east-1', 'eu-west-1', 'ap-southeast-2'];
const spoke: Access = {
  role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
  sessionName: 'nightshift',
};
const fast = { perSecond: 10_000, burst: 10_000 };
const pace: Pace = paceSchema.parse({
  ...{ cloudformation: fast, sts: fast, retries: 10, retryDelay: '1ms' },
});
const at = (account: Target['account'], region = 'us-east-1'): Target => ({ account, region });

let sandbox: Sandbox;
let connections: AwsConnections;
let attempts: Attempt[];

beforeEach(async () => {
  sandbox = await startSandbox({
    fleet: defineFleet({
      regions,
      accounts: [
        {
          ...dev1,
          roles: [{ name: 'guarded', externalId: 'sesame' }, 'for-dev-1'],
        },
        dev2,
      ],
      stacks: [{ account: dev1.id, region: 'us-east-1', name: 'net' }],
    }),
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: hub,
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_REGION: 'us-east-1',
  });
  attempts = [];
  connections = new AwsConnections((attempt) => void attempts.push(attempt));
});

afterEach(async () => {
  connections.destroy();
  await sandbox.close();
});

const assumed = () => sandbox.ledger.entries({ action: 'AssumeRole' });
const listStacks = (target: Target, access = spoke, limits = pace) =>
  connections.cloudFormation(target, access, limits).send(new ListStacksCommand({}));

describe('credentials', () => {
  test("the role's template is filled in with the account's id and name", async () => {
    await listStacks(at(dev1), {
      role: 'arn:aws:iam::{accountId}:role/for-{accountName}',
      sessionName: 'nightly',
    });
    expect(assumed()).toMatchObject([
      { outcome: 'ok', subject: `arn:aws:iam::${dev1.id}:role/for-dev-1` },
    ]);
    expect(sandbox.ledger.entries({ action: 'ListStacks' })).toMatchObject([
      { accountId: dev1.id, region: 'us-east-1', outcome: 'ok' },
    ]);
  });

  test('the session has the name that is configured', async () => {
    const sts = connections.sts(at(dev1), { ...spoke, sessionName: 'nightly' }, pace);
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:sts::${dev1.id}:assumed-role/nightshift-spoke/nightly`);
  });

  test('the external id is given where one is configured', async () => {
    const guarded: Access = { ...spoke, role: 'arn:aws:iam::{accountId}:role/guarded' };
    await expect(listStacks(at(dev1), guarded)).rejects.toMatchObject({ name: 'AccessDenied' });
    await listStacks(at(dev1), { ...guarded, externalId: 'sesame' });
    expect(assumed().at(-1)).toMatchObject({ outcome: 'ok' });
  });

  test('one AssumeRole serves all clients of an account, at once and in all regions', async () => {
    await Promise.all(regions.map((region) => listStacks(at(dev1, region))));
    await connections.sts(at(dev1), spoke, pace).send(new GetCallerIdentityCommand({}));
    await listStacks(at(dev1), spoke, { ...pace, retries: 3 });
    expect(assumed()).toHaveLength(1);
    await listStacks(at(dev2));
    expect(assumed().map(({ subject }) => subject)).toEqual([
      `arn:aws:iam::${dev1.id}:role/nightshift-spoke`,
      `arn:aws:iam::${dev2.id}:role/nightshift-spoke`,
    ]);
  });

  test('an AssumeRole that failed is not remembered', async () => {
    sandbox.faults.add({ kind: 'denyRole', account: dev1.id });
    await expect(listStacks(at(dev1))).rejects.toMatchObject({ name: 'AccessDenied' });
    sandbox.faults.clear();
    await expect(listStacks(at(dev1))).resolves.toBeDefined();
  });

  test('without a role the credentials are used as they are, and so in the management account', async () => {
    const { Account } = await connections
      .sts(at(dev1), { sessionName: 'nightshift' }, pace)
      .send(new GetCallerIdentityCommand({}));
    const home = await connections.hub(undefined, pace).sts.send(new GetCallerIdentityCommand({}));
    expect([Account, home.Account]).toEqual([hub, hub]);
    expect(assumed()).toEqual([]);
  });
});

describe('the account is verified', () => {
  test('credentials of the account pass, and are asked once', async () => {
    await connections.verifyAccount(at(dev1), spoke, pace);
    await connections.verifyAccount(at(dev1, 'eu-west-1'), spoke, pace);
    expect(sandbox.ledger.entries({ action: 'GetCallerIdentity' })).toHaveLength(1);
  });

  test('credentials of another account are refused, with both named, each time', async () => {
    const elsewhere: Access = { ...spoke, role: `arn:aws:iam::${dev2.id}:role/nightshift-spoke` };
    for (const region of regions) {
      await expect(
        connections.verifyAccount(at(dev1, region), elsewhere, pace),
      ).rejects.toMatchObject({
        code: 'AwsAccess',
        message: `the credentials for account dev-1 (${dev1.id}) belong to account ${dev2.id}`,
        retryable: false,
      });
    }
  });

  test('base credentials of another account are refused, too', async () => {
    await expect(
      connections.verifyAccount(at(dev1), { sessionName: 'nightshift' }, pace),
    ).rejects.toMatchObject({ code: 'AwsAccess', message: expect.stringContaining(hub) as string });
  });

  test('an account that can not be entered is named with the role; once mended, it passes', async () => {
    sandbox.faults.add({ kind: 'denyRole', account: dev1.id });
    await expect(connections.verifyAccount(at(dev1), spoke, pace)).rejects.toMatchObject({
      code: 'AwsAccess',
      message: expect.stringContaining(
        `account dev-1 (${dev1.id}) can't be entered as arn:aws:iam::${dev1.id}:role/nightshift-spoke`,
      ) as string,
    });
    sandbox.faults.clear();
    await connections.verifyAccount(at(dev1), spoke, pace);
  });
});

describe('trouble on the way', () => {
  const describeNet = () =>
    connections
      .cloudFormation(at(dev1), spoke, pace)
      .send(new DescribeStacksCommand({ StackName: 'net' }));

  test.each(['before', 'after'] as const)(
    'a response that is lost %s the work was done is asked for again, and each try is counted',
    async (when) => {
      await describeNet();
      sandbox.ledger.clear();
      attempts.length = 0;
      sandbox.faults.add({
        ...{ kind: 'loseResponse', actions: ['DescribeStacks'], share: 0.5, when },
      });
      const { awsCalls } = await countCalls(async () => {
        for (let n = 0; n < 10; n++) await describeNet();
      });
      const entries = sandbox.ledger.entries({ action: 'DescribeStacks' });
      const lost = entries.filter(({ outcome }) => outcome === 'lost');
      expect(lost.length).toBeGreaterThan(0);
      expect(entries.length - lost.length).toBe(10);
      expect(awsCalls).toBe(entries.length);
      expect(attempts.map(({ outcome }) => outcome).toSorted()).toEqual([
        ...lost.map(() => 'error'),
        ...Array.from({ length: 10 }, () => 'ok'),
      ]);
    },
  );

  test('a throttled call is tried again, and told apart', async () => {
    sandbox.faults.add({ kind: 'throttle', actions: ['DescribeStacks'], share: 0.5 });
    for (let n = 0; n < 10; n++) await describeNet();
    const throttled = sandbox.ledger.entries({ action: 'DescribeStacks', outcome: 'throttled' });
    expect(throttled.length).toBeGreaterThan(0);
    const told = attempts.filter(({ outcome }) => outcome === 'throttled');
    expect(told).toEqual(
      throttled.map(() => ({
        ...{ service: 'cloudformation', action: 'DescribeStacks', outcome: 'throttled' },
      })),
    );
  });

  test('tries end where the pace says so', async () => {
    await describeNet();
    sandbox.ledger.clear();
    sandbox.faults.add({
      kind: 'loseResponse',
      actions: ['DescribeStacks'],
      share: 1,
      when: 'after',
    });
    await expect(
      connections
        .cloudFormation(at(dev1), spoke, { ...pace, retries: 2 })
        .send(new DescribeStacksCommand({ StackName: 'net' })),
    ).rejects.toThrow();
    expect(sandbox.ledger.entries({ action: 'DescribeStacks' })).toHaveLength(3);
  });

  test('a refusal is not tried again', async () => {
    await expect(
      connections
        .cloudFormation(at(dev1), spoke, pace)
        .send(new DescribeStacksCommand({ StackName: 'nowhere' })),
    ).rejects.toThrow(/does not exist/);
    expect(sandbox.ledger.entries({ action: 'DescribeStacks' })).toHaveLength(1);
  });
});

describe('clients are kept', () => {
  const client = (target: Target, access = spoke, limits = pace) =>
    connections.cloudFormation(target, access, limits);
  const nth = (n: number) => at({ id: String(300_000_000_000 + n), name: `account-${n}` });

  test('for an account, region, role and pace the same one, for others another', () => {
    const own = client(at(dev1));
    expect(client(at({ ...dev1 }))).toBe(own);
    expect(client(at(dev1, 'eu-west-1'))).not.toBe(own);
    expect(client(at(dev2))).not.toBe(own);
    expect(client(at(dev1), { ...spoke, externalId: 'sesame' })).not.toBe(own);
    expect(client(at(dev1), spoke, { ...pace, retries: 1 })).not.toBe(own);
  });

  test('at most a hundred, those that were used last', () => {
    const first = client(nth(0));
    const second = client(nth(1));
    for (let n = 2; n < 100; n++) client(nth(n));
    expect(client(nth(0))).toBe(first);
    client(nth(100));
    expect(client(nth(0))).toBe(first);
    expect(client(nth(1))).not.toBe(second);
  });

  test('one that was dropped goes on working where it is in use', async () => {
    const used = client(at(dev1));
    for (let n = 0; n < 150; n++) client(nth(n));
    expect(client(at(dev1))).not.toBe(used);
    await expect(used.send(new DescribeStacksCommand({ StackName: 'net' }))).resolves.toMatchObject(
      { Stacks: [{ StackName: 'net' }] },
    );
  });
});
