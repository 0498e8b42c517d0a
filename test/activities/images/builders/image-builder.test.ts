import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { PlacedPipelineInput } from '../../../../sandbox/imagebuilder/pipeline-schema.js';
import type { ImageBuilderBuilder } from '../../../../src/domain/images/spec.js';
import { type Stage, stranger, tagsFor } from '../ec2/support.js';
import {
  abroad,
  account,
  builderWorker,
  buildersStage,
  failureOf,
  home,
  living,
  until,
} from './support.js';

const tags = tagsFor();
const key = tags['nightshift:key'] ?? '';
const pipelineArn = `arn:aws:imagebuilder:${home}:${account}:image-pipeline/runner-al2023`;
const variables = { NIGHTSHIFT_VERSION: '16.11.0-1', NIGHTSHIFT_KEY: key };

async function pipelineStage(
  pipeline: Partial<PlacedPipelineInput> = {},
  more: Parameters<typeof buildersStage>[0] = {},
): Promise<Stage> {
  return await buildersStage({
    ...more,
    fleet: {
      imagePipelines: [{ account, region: home, name: 'runner-al2023', seconds: 20, ...pipeline }],
      ...more.fleet,
    },
  });
}

const builderOf = (more: Partial<ImageBuilderBuilder> = {}): ImageBuilderBuilder => ({
  kind: 'imageBuilder',
  pipeline: 'runner-al2023',
  timeout: '1h',
  ...more,
});

const order = ({ place }: Stage, more: object = {}) => ({
  place,
  builder: builderOf(),
  variables,
  token: 'token-1',
  tags,
  ...more,
});

/** Starts an execution and follows it to its end. */
async function build(stage: Stage, builder = builderOf()) {
  const { activities, run } = builderWorker();
  const { place } = stage;
  const { arn } = await run(activities.startExecution, order(stage, { builder }));
  const outcome = await run(activities.followExecution, { place, builder, arn, key });
  return { arn, outcome };
}

const madeImages = async (stage: Stage) =>
  (await living(stage)).filter(({ name }) => name !== 'base');

describe('an execution', () => {
  test('ends with the images of the account, by region', async () => {
    const stage = await pipelineStage({ regions: [abroad] });
    const { arn, outcome } = await build(stage);
    const made = await madeImages(stage);
    expect(outcome).toEqual({
      images: Object.fromEntries(made.map(({ region, id }) => [region, id])),
      link: expect.stringContaining(
        '$252Faws$252Fimagebuilder$252Frunner-al2023/log-events/1.0.0$252F1',
      ) as string,
    });
    expect(made.map(({ region }) => region).sort()).toEqual([home, abroad].sort());
    expect(made[0]?.tags).toMatchObject({ 'nightshift:key': key, Ec2ImageBuilderArn: arn });
  });

  test('is started once with a token, whatever becomes of the answers', async () => {
    const stage = await pipelineStage();
    await stage.admin.setFaults([
      {
        kind: 'loseResponse',
        service: 'imagebuilder',
        actions: ['StartImagePipelineExecution'],
        share: 0.7,
      },
    ]);
    const start = () => {
      const { activities, run } = builderWorker();
      return run(activities.startExecution, order(stage, { token: 'x'.repeat(36) }));
    };
    const first = await start();
    expect(await start()).toEqual(first);
    expect(await stage.admin.pipelineImages()).toMatchObject([{ arn: first.arn }]);
  });

  test('is another one with another token', async () => {
    const stage = await pipelineStage();
    const { activities, run } = builderWorker();
    const { arn } = await run(activities.startExecution, order(stage, { token: randomUUID() }));
    const other = await run(activities.startExecution, order(stage, { token: randomUUID() }));
    expect(other.arn).not.toBe(arn);
  });

  test('is of the pipeline that an ARN names as of the one that a name does', async () => {
    const stage = await pipelineStage();
    const { activities, run } = builderWorker();
    const builder = builderOf({ pipeline: pipelineArn });
    expect((await run(activities.startExecution, order(stage, { builder }))).arn).toContain(
      ':image/runner-al2023/',
    );
  });

  test('of a pipeline that is not there is refused by its name and place', async () => {
    const stage = await pipelineStage();
    const { activities, run } = builderWorker();
    const builder = builderOf({ pipeline: 'runner-al2024' });
    expect(
      await failureOf(run(activities.startExecution, order(stage, { builder }))),
    ).toMatchObject({
      type: 'NotFound',
      nonRetryable: true,
      message: expect.stringMatching(/no image pipeline runner-al2024 in .*dev-1/) as string,
    });
  });

  test('goes on through throttling', async () => {
    const stage = await pipelineStage();
    await stage.admin.setFaults([{ kind: 'throttle', share: 0.4 }]);
    expect((await build(stage)).outcome).toHaveProperty('images');
  });
});

describe('the parameter of a pipeline', () => {
  const parameter = '/nightshift/images/al2023-x86_64';
  const builder = builderOf({ parameter });
  const valueOf = ({ sandbox }: Stage): unknown => {
    const { value = 'null' } = sandbox.services.ssm.target(account, home).get(parameter) ?? {};
    return JSON.parse(value);
  };

  test('holds the variables by the time that the pipeline starts', async () => {
    const stage = await pipelineStage();
    await build(stage, builder);
    expect(valueOf(stage)).toEqual(variables);
    const calls = (await stage.admin.ledger({})).map(({ action }) => action);
    expect(calls.indexOf('PutParameter')).toBeGreaterThan(-1);
    expect(calls.indexOf('PutParameter')).toBeLessThan(
      calls.indexOf('StartImagePipelineExecution'),
    );
  });

  test('is left alone while another image’s component may still read it', async () => {
    const stage = await pipelineStage({ seconds: 1e6 });
    const { activities, run } = builderWorker();
    await run(activities.startExecution, order(stage, { builder }));
    const other = {
      builder,
      token: 'token-2',
      variables: { NIGHTSHIFT_VERSION: '16.12.0-1' },
      tags: tagsFor({ os: 'al2023', arch: 'x86_64', evr: '16.12.0-1' }),
    };
    expect(await failureOf(run(activities.startExecution, order(stage, other)))).toMatchObject({
      type: 'BuildLimit',
      nonRetryable: false,
      message: expect.stringContaining(key) as string,
    });
    expect(valueOf(stage)).toEqual(variables);
    // Its own image's start may be repeated.
    await run(activities.startExecution, order(stage, { builder }));
    expect(await stage.admin.pipelineImages()).toHaveLength(1);
  });
});

describe('an execution that fails', () => {
  test('says why, with a link to its log', async () => {
    const stage = await pipelineStage({ fail: { during: 'TESTING', reason: 'the test said no' } });
    const { arn, outcome } = await build(stage);
    expect(outcome).toEqual({
      failed: `${arn} is FAILED: the test said no`,
      link: expect.stringContaining('logsV2:log-groups') as string,
    });
  });

  test('while it distributes leaves no image and no snapshot behind', async () => {
    const stage = await pipelineStage({ fail: { during: 'DISTRIBUTING' }, regions: [abroad] });
    const { outcome } = await build(stage);
    expect(outcome).toMatchObject({ failed: expect.stringContaining('DISTRIBUTING') as string });
    // It was there, and it is gone.
    const left = (await stage.admin.images()).filter(({ name }) => name !== 'base');
    expect(left).toMatchObject([{ region: home, state: 'deregistered' }]);
    expect(await stage.admin.orphanSnapshots()).toEqual([]);
  });

  test('takes no other image away with it', async () => {
    const stage = await pipelineStage();
    const first = await build(stage);
    await stage.admin.changePipeline({
      account: 'dev-1',
      region: home,
      name: 'runner-al2023',
      fail: { during: 'DISTRIBUTING' },
    });
    const { activities, run } = builderWorker();
    const { place } = stage;
    const builder = builderOf();
    const { arn } = await run(activities.startExecution, order(stage, { token: 'token-2' }));
    // Another image of another key that carries the same mark by mistake.
    await stage.admin.createImage({
      account,
      region: home,
      id: 'ami-0bbbbbbbbbbbbbbb1',
      name: 'another',
      tags: { Ec2ImageBuilderArn: arn, 'nightshift:key': 'another' },
    });
    expect(await run(activities.followExecution, { place, builder, arn, key })).toHaveProperty(
      'failed',
    );
    const ids = (await madeImages(stage)).map(({ id }) => id).sort();
    const kept = 'images' in first.outcome ? first.outcome.images[home] : undefined;
    expect(ids).toEqual(['ami-0bbbbbbbbbbbbbbb1', kept].sort());
  });

  test('says what it could not remove', async () => {
    const stage = await pipelineStage({ fail: { during: 'DISTRIBUTING' } });
    await stage.admin.setFaults([
      { kind: 'denyActions', service: 'ec2', actions: ['DeregisterImage'] },
    ]);
    const { outcome } = await build(stage);
    expect(outcome).toMatchObject({
      failed: expect.stringMatching(
        new RegExp(`what it has left in ${home} can’t be removed: .*(Unauthorized|AccessDenied)`),
      ) as string,
    });
  });

  test('by taking too long is cancelled', async () => {
    const stage = await pipelineStage({ seconds: 1e6 });
    const { arn, outcome } = await build(stage, builderOf({ timeout: '1s' }));
    expect(outcome).toMatchObject({ failed: `${arn} took longer than 1s, and was cancelled` });
    expect(await stage.admin.pipelineImages()).toMatchObject([{ state: 'CANCELLED' }]);
  });
});

describe('stopping an execution', () => {
  test('cancels it; once more, or when it has ended, is no error', async () => {
    const stage = await pipelineStage({ seconds: 1e6 });
    const { activities, run } = builderWorker();
    const { place } = stage;
    const { arn } = await run(activities.startExecution, order(stage));
    for (let times = 0; times < 2; times += 1) await run(activities.stopExecution, { place, arn });
    expect(await stage.admin.pipelineImages()).toMatchObject([{ state: 'CANCELLED' }]);
    const builder = builderOf();
    expect(await run(activities.followExecution, { place, builder, arn, key })).toMatchObject({
      failed: `${arn} is CANCELLED: no reason given`,
    });
  });

  test('leaves an image that was done by then', async () => {
    const stage = await pipelineStage();
    const { activities, run } = builderWorker();
    const { arn, outcome } = await build(stage);
    await run(activities.stopExecution, { place: stage.place, arn });
    expect((await madeImages(stage)).map(({ id }) => id)).toEqual(
      'images' in outcome ? Object.values(outcome.images) : [],
    );
  });

  test('is done by the start that is called off while AWS has its request', async () => {
    const pace = { retryDelay: '50ms' };
    const stage = await pipelineStage({ seconds: 1e6 }, { pace });
    const actions = ['StartImagePipelineExecution'];
    await stage.admin.setFaults([
      { kind: 'loseResponse', service: 'imagebuilder', actions, share: 1 },
    ]);
    const { activities, run } = builderWorker();
    const cancel = new AbortController();
    const failure = failureOf(
      run(activities.startExecution, order(stage), { cancel: cancel.signal }),
    );
    await until(async () => ((await stage.admin.pipelineImages()).length > 0 ? true : undefined));
    cancel.abort();
    await stage.admin.clearFaults();
    expect(await failure).toMatchObject({ name: 'CancelledFailure' });
    const states = (await stage.admin.pipelineImages()).map(({ state }) => state);
    expect(states).toEqual(['CANCELLED']);
  });
});

test('images that were made in another account are not the line’s', async () => {
  const stage = await pipelineStage();
  const { activities, run } = builderWorker();
  const { place } = stage;
  const { arn } = await run(activities.startExecution, order(stage));
  await stage.admin.skip(60);
  const [image] = stage.sandbox.services.imageBuilder.store.allImages();
  for (const ami of image?.amis ?? []) ami.accountId = stranger;
  const builder = builderOf();
  expect(await run(activities.followExecution, { place, builder, arn, key })).toMatchObject({
    failed: `${arn} is AVAILABLE, but has no image in account ${account}`,
  });
});
