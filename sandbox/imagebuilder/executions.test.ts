import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import { CancelImageCreationCommand } from '@aws-sdk/client-imagebuilder';
import { afterEach, describe, expect, test } from 'vitest';
import { ec2Client } from '../testing/clients.js';
import {
  account,
  elsewhere,
  imageOf,
  pipelineArn,
  region,
  startBuilderSandbox,
  startPipeline,
  statusOf,
  type BuilderSandbox,
} from './testing.js';

let there: BuilderSandbox;
const start = async (...input: Parameters<typeof startBuilderSandbox>) => {
  there = await startBuilderSandbox(...input);
};
afterEach(() => there.sandbox.close());

describe('an execution', () => {
  test('goes through its states and ends with an AMI in each region', async () => {
    await start({ regions: [elsewhere], amiTags: { line: 'runner' } });
    const arn = await startPipeline(there.client, { tags: { key: 'k1' } });
    expect(arn).toMatch(/:image\/runner-al2023\/1\.0\.0\/1$/);
    const seen = [await statusOf(there.client, arn)];
    for (const seconds of [30, 70, 600, 150, 140]) {
      there.skip(seconds);
      seen.push(await statusOf(there.client, arn));
    }
    expect(seen).toEqual([
      'PENDING',
      'CREATING',
      'BUILDING',
      'TESTING',
      'DISTRIBUTING',
      'INTEGRATING',
    ]);
    expect((await imageOf(there.client, arn)).outputResources?.amis).toEqual([]);
    there.skip(11);
    const image = await imageOf(there.client, arn);
    expect(image).toMatchObject({
      state: { status: 'AVAILABLE' },
      sourcePipelineArn: pipelineArn,
      outputResources: {
        amis: [
          { region, accountId: account },
          { region: elsewhere, accountId: account },
        ],
      },
    });
    there.skip(10);
    for (const ami of image.outputResources?.amis ?? []) {
      const ec2 = ec2Client(there.sandbox.url, account, ami.region ?? '');
      const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [ami.image ?? ''] }));
      const tags = Object.fromEntries(
        (Images?.[0]?.Tags ?? []).map((t) => [t.Key ?? '', t.Value ?? '']),
      );
      expect(tags).toEqual({
        line: 'runner',
        key: 'k1',
        CreatedBy: 'EC2 Image Builder',
        Ec2ImageBuilderArn: arn,
      });
    }
  });

  test('that fails says why, and makes no AMI', async () => {
    await start({ fail: { during: 'TESTING', reason: 'the test said no' } });
    const arn = await startPipeline(there.client);
    there.skip(1001);
    expect((await imageOf(there.client, arn)).state).toEqual({
      status: 'FAILED',
      reason: 'the test said no',
    });
    expect(await there.admin.images()).toEqual([]);
  });

  test('that fails while it is distributed leaves an AMI behind that it does not tell of', async () => {
    await start({ fail: { during: 'DISTRIBUTING' }, regions: [elsewhere] });
    const arn = await startPipeline(there.client);
    there.skip(1001);
    const { state, outputResources } = await imageOf(there.client, arn);
    expect(state).toMatchObject({ status: 'FAILED' });
    expect(state?.reason).toMatch(/failed with status = 'Failed' in state = 'DISTRIBUTING'/);
    expect(outputResources?.amis).toEqual([]);
    expect(await there.admin.images()).toMatchObject([{ region }]);
  });

  test('fails as often as the fleet or the admin API says', async () => {
    await start({ fail: { times: 1 } });
    const run = async () => {
      const arn = await startPipeline(there.client);
      there.skip(1001);
      return statusOf(there.client, arn);
    };
    expect([await run(), await run()]).toEqual(['FAILED', 'AVAILABLE']);
    const named = { account: 'dev-1', region, name: 'Runner al2023' };
    await there.admin.changePipeline({ ...named, fail: {} });
    expect(await run()).toBe('FAILED');
    await there.admin.changePipeline({ ...named, fail: null, seconds: 10 });
    expect(await run()).toBe('AVAILABLE');
    await expect(there.admin.changePipeline({ ...named, name: 'none' })).rejects.toThrow(
      /no pipeline "none"/,
    );
    expect((await there.admin.pipelineImages()).map(({ state }) => state)).toEqual([
      'FAILED',
      'AVAILABLE',
      'FAILED',
      'AVAILABLE',
    ]);
  });

  test('of a pipeline that is not there is refused', async () => {
    await start();
    const imagePipelineArn = `${pipelineArn}-none`;
    await expect(startPipeline(there.client, { imagePipelineArn })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a client token', () => {
  test('makes one image however often it is sent, and has 36 characters at most', async () => {
    await start();
    const clientToken = 'x'.repeat(36);
    const arn = await startPipeline(there.client, { clientToken });
    expect(await startPipeline(there.client, { clientToken })).toBe(arn);
    expect(await startPipeline(there.client, { clientToken: 'other' })).not.toBe(arn);
    await expect(startPipeline(there.client, { clientToken: 'x'.repeat(37) })).rejects.toThrow(
      /clientToken/,
    );
    expect(await there.admin.pipelineImages()).toHaveLength(2);
  });

  test('with another pipeline or other tags is refused', async () => {
    await start({}, [{ account, region, name: 'second' }]);
    await startPipeline(there.client, { clientToken: 'one' });
    const second = pipelineArn.replace('runner-al2023', 'second');
    for (const change of [{ imagePipelineArn: second }, { tags: { a: '1' } }])
      await expect(
        startPipeline(there.client, { clientToken: 'one', ...change }),
      ).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
  });

  test('is forgotten after a day', async () => {
    await start();
    const arn = await startPipeline(there.client, { clientToken: 'one' });
    there.skip(25 * 3600);
    expect(await startPipeline(there.client, { clientToken: 'one' })).not.toBe(arn);
  });
});

describe('CancelImageCreation', () => {
  const cancel = (imageBuildVersionArn: string) =>
    there.client.send(new CancelImageCreationCommand({ imageBuildVersionArn }));

  test('ends what goes on, for good and without an AMI', async () => {
    await start();
    const arn = await startPipeline(there.client);
    there.skip(100);
    await cancel(arn);
    expect(await statusOf(there.client, arn)).toBe('CANCELLED');
    there.skip(2000);
    expect(await statusOf(there.client, arn)).toBe('CANCELLED');
    expect(await there.admin.images()).toEqual([]);
  });

  test('is refused for an image that has ended, or that is not there', async () => {
    await start();
    const arn = await startPipeline(there.client);
    there.skip(1001);
    await expect(cancel(arn)).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(cancel(`${arn}0`)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
