import {
  DeleteParameterCommand,
  DeleteParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  paginateGetParametersByPath,
  PutParameterCommand,
  type PutParameterCommandInput,
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

const put = (input: Partial<PutParameterCommandInput> & { Name: string }) =>
  ssm.send(new PutParameterCommand({ Value: 'a', Type: 'String', ...input }));
const get = async (Name: string) => (await ssm.send(new GetParameterCommand({ Name }))).Parameter;

test('each version of a parameter is read by its number', async () => {
  for (const Value of ['first', 'second', 'third'])
    await put({ Name: '/versions', Value, Overwrite: true });
  expect(await get('/versions')).toMatchObject({ Value: 'third', Version: 3 });
  expect(await get('/versions:1')).toMatchObject({
    Name: '/versions',
    Value: 'first',
    Version: 1,
    Selector: ':1',
  });
  const { Parameters, InvalidParameters } = await ssm.send(
    new GetParametersCommand({ Names: ['/versions:2', '/versions:3', '/versions:4', '/none:1'] }),
  );
  expect(Parameters?.map(({ Value }) => Value)).toEqual(['second', 'third']);
  expect(InvalidParameters).toEqual(['/versions:4', '/none:1']);
});

test('a version that is not there is told from a parameter that is not there', async () => {
  await put({ Name: '/one' });
  await expect(get('/one:2')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  await expect(get('/none:1')).rejects.toMatchObject({ name: 'ParameterNotFound' });
});

test('a hundred versions are kept', async () => {
  for (let version = 1; version <= 101; version++)
    await put({ Name: '/long', Value: `v${version}`, Overwrite: true });
  await expect(get('/long:1')).rejects.toMatchObject({ name: 'ParameterVersionNotFound' });
  expect(await get('/long:2')).toMatchObject({ Value: 'v2' });
  expect(await get('/long:101')).toMatchObject({ Value: 'v101' });
});

test('a parameter is deleted once, with all its versions', async () => {
  await put({ Name: '/gone' });
  await put({ Name: '/gone', Overwrite: true });
  const remove = () => ssm.send(new DeleteParameterCommand({ Name: '/gone' }));
  await remove();
  await expect(get('/gone')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await expect(remove()).rejects.toMatchObject({ name: 'ParameterNotFound' });
  expect(await put({ Name: '/gone' })).toMatchObject({ Version: 1 });
  expect(sandbox.ledger.entries({ action: 'DeleteParameter', effective: true })).toHaveLength(1);
});

test('several parameters are deleted at once, and those that are not there are named', async () => {
  await put({ Name: '/a' });
  await put({ Name: '/b' });
  const remove = (Names: string[]) => ssm.send(new DeleteParametersCommand({ Names }));
  expect(await remove(['/a', '/none', '/b'])).toMatchObject({
    DeletedParameters: ['/a', '/b'],
    InvalidParameters: ['/none'],
  });
  await expect(get('/a')).rejects.toMatchObject({ name: 'ParameterNotFound' });
  await expect(remove(Array.from({ length: 11 }, (_, i) => `/${i}`))).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test('tier, description, key and tags are taken, but no tags over a parameter that is there', async () => {
  const described = { Type: 'SecureString', Description: 'a job', KeyId: 'alias/ci' } as const;
  const Tags = [{ Key: 'job', Value: '1' }];
  expect(await put({ Name: '/job', ...described, Tags })).toMatchObject({ Tier: 'Standard' });
  await expect(put({ Name: '/job', Tags, Overwrite: true })).rejects.toMatchObject({
    name: 'ValidationException',
  });
});

test.each([
  ['Standard', 4096, 'Standard'],
  ['Standard', 4097, undefined],
  ['Advanced', 8192, 'Advanced'],
  ['Advanced', 8193, undefined],
  ['Intelligent-Tiering', 100, 'Standard'],
  ['Intelligent-Tiering', 4097, 'Advanced'],
] as const)('asked for tier %s, a value of %i characters has tier %s', async (Tier, size, tier) => {
  const written = put({ Name: '/sized', Value: 'x'.repeat(size), Tier });
  if (tier === undefined)
    await expect(written).rejects.toMatchObject({ name: 'ValidationException' });
  else expect(await written).toMatchObject({ Tier: tier });
});
