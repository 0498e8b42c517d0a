import {
  DeleteStackCommand,
  DescribeStacksCommand,
  ListImportsCommand,
} from '@aws-sdk/client-cloudformation';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulatedTarget, hubAccount } from './aws.js';
import { type MiniStack, startMiniStack } from './ministack.js';
import { seedStack } from './seed-stack.js';
import { until } from './until.js';

const account = '111111111111';
const region = 'us-east-1';

/** What the rest of this suite takes for granted of the emulator: a new version of it is judged by this. */
describe('MiniStack', () => {
  let emulator: MiniStack;
  beforeAll(async () => {
    emulator = await startMiniStack();
  });
  afterAll(async () => {
    await emulator?.stop();
  });

  test('a role that is assumed acts in the account of its ARN', async () => {
    const settings = { endpoint: emulator.endpoint, region };
    const credentials = { accessKeyId: hubAccount, secretAccessKey: 'emulator' };
    const hub = new STSClient({ ...settings, credentials });
    const { Credentials: session } = await hub.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${account}:role/nightshift-spoke`,
        RoleSessionName: 'nightshift',
      }),
    );
    const spoke = new STSClient({
      ...settings,
      credentials: {
        accessKeyId: session?.AccessKeyId ?? '',
        secretAccessKey: session?.SecretAccessKey ?? '',
        sessionToken: session?.SessionToken ?? '',
      },
    });
    const identity = await spoke.send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe(account);
  });

  test('the delete of an export in use is refused at once', async () => {
    const { cloudFormation } = emulatedTarget(emulator.endpoint, account, region);
    const target = emulatedTarget(emulator.endpoint, account, region);
    const id = await seedStack(target, { name: 'base', exports: ['base-topic'] });
    await seedStack(target, { name: 'user', imports: ['base-topic'] });

    const imports = new ListImportsCommand({ ExportName: 'base-topic' });
    expect((await cloudFormation.send(imports)).Imports).toEqual(['user']);
    await expect(
      cloudFormation.send(new DeleteStackCommand({ StackName: id })),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(/is imported by/) as string,
    });
  });

  test('a stack that is gone is found by its StackId and not by its name', async () => {
    const target = emulatedTarget(emulator.endpoint, account, region);
    const { cloudFormation } = target;
    const id = await seedStack(target, { name: 'short-lived' });
    await cloudFormation.send(new DeleteStackCommand({ StackName: id }));

    await until('the stack to be gone', async () => {
      const { Stacks: stacks } = await cloudFormation.send(
        new DescribeStacksCommand({ StackName: id }),
      );
      return stacks?.[0]?.StackStatus === 'DELETE_COMPLETE';
    });
    const byName = new DescribeStacksCommand({ StackName: 'short-lived' });
    await expect(cloudFormation.send(byName)).rejects.toThrow('does not exist');
  });

  test('an account sees nothing of another, nor a region of another', async () => {
    await seedStack(emulatedTarget(emulator.endpoint, account, region), { name: 'mine' });

    for (const [otherAccount, otherRegion] of [
      ['222222222222', region],
      [account, 'ap-southeast-2'],
    ] as const) {
      const other = emulatedTarget(emulator.endpoint, otherAccount, otherRegion);
      const { Stacks: stacks } = await other.cloudFormation.send(new DescribeStacksCommand({}));
      expect(stacks).toEqual([]);
    }
  });
});
