import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineFleet } from '../fleet/load.js';
import { startSandbox, type Sandbox } from '../index.js';
import { ec2Client } from '../testing/clients.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox({
    fleet: defineFleet({
      regions: ['us-east-1', 'ap-southeast-4'],
      disabledRegions: ['me-central-1'],
      accounts: [
        { id: '111111111111', name: 'dev-1' },
        { id: '222222222222', name: 'dev-2', regions: ['us-east-1'] },
      ],
    }),
  });
});
afterEach(() => sandbox.close());

const regionsOf = async (account: string, input = {}) => {
  const client = ec2Client(sandbox.url, account, 'us-east-1');
  const { Regions } = await client.send(new DescribeRegionsCommand(input));
  return Regions?.map((region) => [region.RegionName, region.OptInStatus]);
};

test('an account sees the regions that it has enabled', async () => {
  expect(await regionsOf('111111111111')).toEqual([
    ['ap-southeast-4', 'opted-in'],
    ['us-east-1', 'opt-in-not-required'],
  ]);
  expect(await regionsOf('222222222222')).toEqual([['us-east-1', 'opt-in-not-required']]);
});

test('and on request those that it has not', async () => {
  expect(await regionsOf('222222222222', { AllRegions: true })).toEqual([
    ['ap-southeast-4', 'not-opted-in'],
    ['me-central-1', 'not-opted-in'],
    ['us-east-1', 'opt-in-not-required'],
  ]);
});

test('named regions are looked up, unknown ones refused', async () => {
  expect(await regionsOf('111111111111', { RegionNames: ['us-east-1'] })).toHaveLength(1);
  await expect(regionsOf('111111111111', { RegionNames: ['mars-1'] })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

test('throttling reads as EC2 words it', async () => {
  sandbox.faults.set([{ kind: 'throttle', service: 'ec2', share: 1 }]);
  await expect(regionsOf('111111111111')).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
});
