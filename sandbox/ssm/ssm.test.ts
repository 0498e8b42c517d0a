import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  paginateGetParametersByPath,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineFleet } from '../fleet/load.js';
import { startSandbox, type Sandbox } from '../index.js';
import { ssmClient } from '../testing/clients.js';

let sandbox: Sandbox;
let ssm: SSMClient;
beforeEach(async () => {
  sandbox = await startSandbox({
    fleet: defineFleet({
      regions: ['us-east-1', 'eu-west-1'],
      accounts: Array.from({ length: 25 }, (_, index) => ({
        id: String(100_000_000_000 + index),
        name: `dev-${String(index).padStart(2, '0')}`,
      })),
      accountParameters: '/nightshift/accounts',
      parameters: [
        { name: '/nightshift/accounts/archive/old', value: '1' },
        { name: '/nightshift/webhook', value: 'https://hooks', type: 'SecureString' },
        { name: '/only/here', value: 'x', region: 'eu-west-1' },
      ],
    }),
  });
  ssm = ssmClient(sandbox.url, '000000000000', 'us-east-1');
});
afterEach(() => sandbox.close());

test('a path is read in pages of ten, without what lies deeper', async () => {
  const sizes: number[] = [];
  const found = new Map<string, string>();
  const query = { Path: '/nightshift/accounts' };
  for await (const page of paginateGetParametersByPath({ client: ssm }, query)) {
    sizes.push(page.Parameters?.length ?? 0);
    for (const { Name, Value } of page.Parameters ?? []) found.set(Name ?? '', Value ?? '');
  }
  expect(sizes).toEqual([10, 10, 5]);
  expect(found.get('/nightshift/accounts/dev-07')).toBe('100000000007');
  expect(found.has('/nightshift/accounts/archive/old')).toBe(false);
});

test('a recursive read goes deeper', async () => {
  const { Parameters } = await ssm.send(
    new GetParametersByPathCommand({ Path: '/nightshift/accounts/', Recursive: true }),
  );
  expect(Parameters?.[0]?.Name).toBe('/nightshift/accounts/archive/old');
});

test('pages of more than ten are refused', async () => {
  await expect(
    ssm.send(new GetParametersByPathCommand({ Path: '/nightshift', MaxResults: 11 })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
});

test('a secret is readable only with decryption', async () => {
  const read = async (WithDecryption: boolean) =>
    (await ssm.send(new GetParameterCommand({ Name: '/nightshift/webhook', WithDecryption })))
      .Parameter;
  expect(await read(true)).toMatchObject({ Type: 'SecureString', Value: 'https://hooks' });
  expect((await read(false))?.Value).not.toContain('hooks');
});

test('a parameter that is not there is an error, or listed as invalid', async () => {
  await expect(ssm.send(new GetParameterCommand({ Name: '/none' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  const answer = await ssm.send(
    new GetParametersCommand({ Names: ['/none', '/nightshift/webhook'] }),
  );
  expect(answer.InvalidParameters).toEqual(['/none']);
  expect(answer.Parameters).toHaveLength(1);
});

test('a parameter is in its account and region only', async () => {
  await expect(ssm.send(new GetParameterCommand({ Name: '/only/here' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
  const elsewhere = ssmClient(sandbox.url, '000000000000', 'eu-west-1');
  await expect(
    elsewhere.send(new GetParameterCommand({ Name: '/only/here' })),
  ).resolves.toBeDefined();
  const member = ssmClient(sandbox.url, '100000000000', 'eu-west-1');
  await expect(member.send(new GetParameterCommand({ Name: '/only/here' }))).rejects.toThrow();
});

test('a parameter is written once, and again only on request', async () => {
  const put = (Overwrite: boolean) =>
    ssm.send(new PutParameterCommand({ Name: '/new', Value: 'a', Type: 'String', Overwrite }));
  expect((await put(false)).Version).toBe(1);
  await expect(put(false)).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect((await put(true)).Version).toBe(2);
});
