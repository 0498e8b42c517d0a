import {
  DescribeStacksCommand,
  ListStacksCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Clock } from '../core/clock.js';
import type { Sandbox } from '../index.js';
import { cloudFormationClient, stsClient } from '../testing/clients.js';
import { account, oneTarget, region } from '../testing/fleets.js';
import { deleteStack, idOf, statusOf } from '../testing/stack-calls.js';
import { Faults } from './faults.js';

let sandbox: Sandbox;
let cfn: CloudFormationClient;
beforeEach(async () => {
  sandbox = await oneTarget([{ name: 'app', deleteSeconds: 60 }]);
  cfn = cloudFormationClient(sandbox.url, account, region);
});
afterEach(() => sandbox.close());

const call = { accountId: account, region, service: 'cloudformation', action: 'DescribeStacks' };

describe('throttling', () => {
  test('refuses calls with Rate exceeded, and carries out nothing', async () => {
    sandbox.faults.set([{ kind: 'throttle', share: 1, actions: ['DeleteStack'] }]);
    await expect(deleteStack(cfn, 'app')).rejects.toMatchObject({
      name: 'Throttling',
      message: 'Rate exceeded',
    });
    expect(await statusOf(cfn, 'app')).toBe('CREATE_COMPLETE');
    expect(sandbox.ledger.entries({ outcome: 'throttled' })).toHaveLength(1);
  });

  test.each([7, 8])('strikes the share that was asked for (seed %i)', (seed) => {
    const faults = new Faults(new Clock(), seed, [{ kind: 'throttle', share: 0.2 }]);
    const struck = Array.from({ length: 5000 }, () => faults.strike(call).throttled);
    const share = struck.filter(Boolean).length / struck.length;
    expect(share).toBeGreaterThan(0.17);
    expect(share).toBeLessThan(0.23);
  });

  test('is the same for the same seed', () => {
    const strikes = (seed: number) => {
      const faults = new Faults(new Clock(), seed, [{ kind: 'throttle', share: 0.5 }]);
      return Array.from({ length: 100 }, () => faults.strike(call).throttled);
    };
    expect(strikes(3)).toEqual(strikes(3));
    expect(strikes(3)).not.toEqual(strikes(4));
  });
});

describe('a lost response', () => {
  test('comes after the effect: the caller sees a broken connection, the stack goes', async () => {
    const id = await idOf(cfn, 'app');
    sandbox.faults.set([
      { kind: 'loseResponse', share: 1, when: 'after', actions: ['DeleteStack'] },
    ]);
    await expect(deleteStack(cfn, id)).rejects.toThrow();
    expect(await statusOf(cfn, id)).toBe('DELETE_IN_PROGRESS');
    expect(sandbox.ledger.entries({ action: 'DeleteStack' })).toMatchObject([
      { outcome: 'lost', effective: true, subject: id },
    ]);
  });

  test('or before it', async () => {
    sandbox.faults.set([
      { kind: 'loseResponse', share: 1, when: 'before', actions: ['DeleteStack'] },
    ]);
    await expect(deleteStack(cfn, 'app')).rejects.toThrow();
    expect(await statusOf(cfn, 'app')).toBe('CREATE_COMPLETE');
    expect(sandbox.ledger.entries({ outcome: 'lost' })).toMatchObject([{ effective: false }]);
  });
});

test('away, the sandbox breaks every connection until it is back', async () => {
  sandbox.faults.goAway(3600);
  await expect(cfn.send(new ListStacksCommand({}))).rejects.toThrow();
  sandbox.clock.skip(3601);
  await expect(cfn.send(new ListStacksCommand({}))).resolves.toBeDefined();
  sandbox.faults.goAway();
  await expect(cfn.send(new ListStacksCommand({}))).rejects.toThrow();
  sandbox.faults.comeBack();
  await expect(cfn.send(new ListStacksCommand({}))).resolves.toBeDefined();
});

test('latency is in sandbox time', async () => {
  await sandbox.close();
  const { startSandbox } = await import('../index.js');
  const { defineFleet } = await import('../fleet/load.js');
  sandbox = await startSandbox({
    speed: 100,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: account, name: 'dev-1' }],
      faults: [{ kind: 'latency', minMs: 20_000, maxMs: 20_000 }],
    }),
  });
  const start = Date.now();
  await cloudFormationClient(sandbox.url, account, region).send(new ListStacksCommand({}));
  expect(Date.now() - start).toBeGreaterThanOrEqual(190);
});

describe('a target that denies', () => {
  test('a disabled region knows no keys, and STS says why', async () => {
    sandbox.faults.set([{ kind: 'disableRegion', region, account }]);
    await expect(cfn.send(new ListStacksCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
    await expect(
      stsClient(sandbox.url, account, region).send(new GetCallerIdentityCommand({})),
    ).rejects.toMatchObject({ name: 'RegionDisabledException' });
  });

  test('a region that the account does not have is disabled without any fault', async () => {
    const elsewhere = cloudFormationClient(sandbox.url, account, 'me-central-1');
    await expect(elsewhere.send(new ListStacksCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
    });
  });

  test('actions can be denied one by one', async () => {
    sandbox.faults.set([{ kind: 'denyActions', actions: ['DescribeStacks'], account }]);
    await expect(cfn.send(new DescribeStacksCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(cfn.send(new ListStacksCommand({}))).resolves.toBeDefined();
  });
});

describe('quotas', () => {
  test('grant a burst, then a rate in sandbox time, to each account and region by itself', async () => {
    await sandbox.close();
    sandbox = await oneTarget([], {
      regions: [region, 'eu-west-1'],
      quotas: [{ service: 'cloudformation', actions: ['ListStacks'], perSecond: 5, burst: 2 }],
    });
    cfn = cloudFormationClient(sandbox.url, account, region);
    const list = () => cfn.send(new ListStacksCommand({}));
    await list();
    await list();
    await expect(list()).rejects.toMatchObject({ name: 'Throttling', message: 'Rate exceeded' });
    await expect(
      cloudFormationClient(sandbox.url, account, 'eu-west-1').send(new ListStacksCommand({})),
    ).resolves.toBeDefined();
    sandbox.clock.skip(0.25);
    await list();
    await expect(list()).rejects.toMatchObject({ name: 'Throttling' });
  });
});
