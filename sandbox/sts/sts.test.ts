import { ListStacksCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { issueCredentials } from '../core/identity.js';
import { defineFleet } from '../fleet/load.js';
import { startSandbox, type Sandbox } from '../index.js';
import { clientConfig, cloudFormationClient, ssmClient, stsClient } from '../testing/clients.js';

let sandbox: Sandbox;
const spoke = '111111111111';
const hub = '000000000000';
const fleet = defineFleet({
  regions: ['us-east-1'],
  accounts: [
    {
      id: spoke,
      name: 'dev-1',
      roles: [{ name: 'guarded', externalId: 'sesame' }, 'team/deployer'],
    },
  ],
});

beforeEach(async () => {
  sandbox = await startSandbox({ fleet });
});
afterEach(() => sandbox.close());

const assume = (
  role: string,
  more: { RoleSessionName?: string; ExternalId?: string; DurationSeconds?: number } = {},
) =>
  stsClient(sandbox.url, hub, 'us-east-1').send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${spoke}:role/${role}`,
      RoleSessionName: 'nightshift',
      ...more,
    }),
  );

const credentialsOf = async (role: string) => {
  const { Credentials: given } = await assume(role);
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
};

describe('identities', () => {
  test('a 12-digit access key is that account', async () => {
    const who = await stsClient(sandbox.url, spoke, 'us-east-1').send(
      new GetCallerIdentityCommand({}),
    );
    expect(who).toMatchObject({ Account: spoke, Arn: `arn:aws:iam::${spoke}:root` });
  });

  test.each(['AKIAIOSFODNN7EXAMPLE', '999999999999'])('%s is nobody', async (key) => {
    await expect(
      cloudFormationClient(sandbox.url, key, 'us-east-1').send(new ListStacksCommand({})),
    ).rejects.toMatchObject({ name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } });
  });

  test('the keys of a role act in its account, and say so', async () => {
    const credentials = await credentialsOf('nightshift-spoke');
    const client = new STSClient({ ...clientConfig(sandbox.url, '', 'us-east-1'), credentials });
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: spoke,
      Arn: `arn:aws:sts::${spoke}:assumed-role/nightshift-spoke/nightshift`,
    });
  });

  test('the keys of a role survive a restart of the sandbox', async () => {
    const credentials = await credentialsOf('nightshift-spoke');
    await sandbox.close();
    sandbox = await startSandbox({ fleet });
    const client = new CloudFormationClient({
      ...clientConfig(sandbox.url, '', 'us-east-1'),
      credentials,
    });
    await expect(client.send(new ListStacksCommand({}))).resolves.toBeDefined();
  });

  test('the keys of a role are worth nothing without their token, or after their time', async () => {
    const { sessionToken: _, ...tokenless } = await credentialsOf('nightshift-spoke');
    const list = (credentials: typeof tokenless) =>
      new CloudFormationClient({ ...clientConfig(sandbox.url, '', 'us-east-1'), credentials }).send(
        new ListStacksCommand({}),
      );
    await expect(list(tokenless)).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
    const { expiration: _past, ...expired } = issueCredentials(spoke, 'nightshift-spoke', 'x', -1);
    await expect(list(expired)).rejects.toMatchObject({
      name: 'ExpiredToken',
    });
  });
});

describe('AssumeRole', () => {
  test.each(['nobody', 'guarded'])(
    'of %s is denied as AWS denies, without a reason',
    async (role) => {
      await expect(assume(role)).rejects.toMatchObject({
        name: 'AccessDenied',
        message: `User: arn:aws:iam::${hub}:root is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${spoke}:role/${role}`,
        $metadata: { httpStatusCode: 403 },
      });
    },
  );

  test('takes the external id that the role asks for, and no other', async () => {
    await expect(assume('guarded', { ExternalId: 'sesame' })).resolves.toBeDefined();
    await expect(assume('guarded', { ExternalId: 'rice' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('knows a role with a path', async () => {
    const { AssumedRoleUser } = await assume('team/deployer');
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${spoke}:assumed-role/deployer/nightshift`);
  });

  test.each(['x', 'a b', 'x'.repeat(65)])(
    'refuses the session name "%s"',
    async (RoleSessionName) => {
      await expect(assume('nightshift-spoke', { RoleSessionName })).rejects.toMatchObject({
        name: 'ValidationError',
      });
    },
  );

  test.each([899, 43_201])('refuses %i seconds', async (DurationSeconds) => {
    await expect(assume('nightshift-spoke', { DurationSeconds })).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  test('ends in real time, which is what clients compare it with', async () => {
    sandbox.clock.skip(86_400);
    const { Credentials } = await assume('nightshift-spoke');
    const minutes = ((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(55);
    expect(minutes).toBeLessThan(61);
  });

  test('is denied for an account or a role on request', async () => {
    sandbox.faults.set([{ kind: 'denyRole', account: spoke, role: 'nightshift-spoke' }]);
    await expect(assume('nightshift-spoke')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assume('team/deployer')).resolves.toBeDefined();
    sandbox.faults.set([{ kind: 'denyRole', account: spoke }]);
    await expect(assume('team/deployer')).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

test('a stranger to a JSON service is told in its own words', async () => {
  const { GetParameterCommand } = await import('@aws-sdk/client-ssm');
  await expect(
    ssmClient(sandbox.url, '999999999999', 'us-east-1').send(
      new GetParameterCommand({ Name: 'x' }),
    ),
  ).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});
