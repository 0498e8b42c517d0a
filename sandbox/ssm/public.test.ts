import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { defineFleet } from '../fleet/load.js';
import { startSandbox } from '../index.js';
import { ssmClient } from '../testing/clients.js';

test('AWS’s own parameters are there for every account, each region with its value', async () => {
  const Name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
  const sandbox = await startSandbox({
    fleet: defineFleet({
      regions: ['us-east-1', 'eu-west-1'],
      accounts: [
        { id: '111111111111', name: 'dev-1' },
        { id: '222222222222', name: 'dev-2' },
      ],
      parameters: [
        { name: Name, value: 'ami-00000000000000001', region: 'us-east-1' },
        { name: Name, value: 'ami-00000000000000002', region: 'eu-west-1' },
        { name: '/plain', value: 'of the management account' },
      ],
    }),
  });
  const value = async (account: string, region: string, name = Name) => {
    const client = ssmClient(sandbox.url, account, region);
    return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
  };
  try {
    expect(await value('111111111111', 'us-east-1')).toBe('ami-00000000000000001');
    expect(await value('222222222222', 'eu-west-1')).toBe('ami-00000000000000002');
    await expect(value('111111111111', 'us-east-1', '/plain')).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
  } finally {
    await sandbox.close();
  }
});
