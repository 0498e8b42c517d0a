import { expect, test } from 'vitest';
import type { CheckResult } from '../../src/client/index.js';
import { imageTags } from '../../src/domain/images/tags.js';
import { account, baseImage, far, region, setStage, until } from './stage.js';

const oneOs = [{ name: 'al2023', baseImage }];

const ours = async ({ admin }: Awaited<ReturnType<typeof setStage>>) =>
  (await admin.images()).filter(({ tags, state }) => tags[imageTags.key] && state === 'available');

test('an image that is there although its build failed is found, finished, and not built again', async () => {
  const stage = await setStage({
    versions: ['16.11.0-1'],
    behaviour: { fail: [{ kind: 'command', times: 1, afterImage: true }] },
    line: { baseOs: oneOs },
  });
  const result = await stage.check();
  expect(result.built).toHaveLength(1);
  expect(await stage.admin.builds()).toHaveLength(1);
  const [image, ...others] = await ours(stage);
  expect(others).toEqual([]);
  expect(image).toMatchObject({
    id: result.built[0]?.imageId,
    tags: { [imageTags.state]: 'ready' },
  });
});

test('a region that fails is tried again alone: one image, one copy of it in each region, no orphan', async () => {
  const stage = await setStage({
    versions: ['16.11.0-1'],
    line: { baseOs: oneOs, copyTo: [far, 'eu-west-1'] },
  });
  await stage.admin.failCopies({ region: far, times: 2 });
  const result = await stage.check();
  expect(result.failed).toEqual([]);
  expect(await stage.admin.builds()).toHaveLength(1);
  expect((await ours(stage)).map((image) => image.region).sort()).toEqual([
    region,
    'eu-west-1',
    far,
  ]);
  const copies = await stage.admin.ledger({ action: 'CopyImage', region: 'eu-west-1' });
  expect(copies.filter(({ effective }) => effective)).toHaveLength(1);
  expect(await stage.admin.orphanSnapshots()).toEqual([]);
});

test('a region that can’t be copied to holds the image with its reason; the others have theirs', async () => {
  const stage = await setStage({
    versions: ['16.11.0-1'],
    line: { baseOs: oneOs, copyTo: [far, 'eu-west-1'], attempts: { most: 1 } },
    fleet: {
      ec2: { copyFailures: [{ region: far, kind: 'refused', reason: 'No key there' }] },
    },
  });
  const { failed } = await stage.check();
  expect(failed).toMatchObject([{ os: 'al2023', reason: expect.stringContaining(far) as string }]);
  expect((await ours(stage)).map((image) => image.region).sort()).toEqual([region, 'eu-west-1']);
  // What was done is not done again.
  await stage.admin.clearCopyFailures();
  await stage.line.release();
  const { built } = await stage.check();
  expect(built).toHaveLength(1);
  expect(await stage.admin.builds()).toHaveLength(1);
  expect(await ours(stage)).toHaveLength(3);
});

test('an image whose smoke test fails is not handed out, not found again, and pruned', async () => {
  const stage = await setStage({
    versions: ['16.11.0-1'],
    line: {
      baseOs: oneOs,
      copyTo: [far],
      attempts: { most: 2, delay: '50ms' },
      smokeTest: { codebuild: { project: 'smoke' } },
    },
    fleet: {
      projects: [
        {
          account: account.name,
          region,
          name: 'image-build',
          behaviour: { phases: { BUILD: 5 }, log: { lines: 2 } },
          image: {},
        },
        {
          account: account.name,
          region,
          name: 'smoke',
          behaviour: {
            phases: { BUILD: 5 },
            log: { lines: 2 },
            fail: [{ kind: 'command', times: 1, message: 'gitlab-runner: not found' }],
          },
        },
      ],
    },
  });
  const result = await stage.check();
  expect(result.failed).toEqual([]);
  const [first, second, ...others] = (await ours(stage)).filter((image) => image.region === region);
  expect(others).toEqual([]);
  const states = [first, second].map((image) => image?.tags[imageTags.state]);
  expect(states.sort()).toEqual(['ready', 'rejected']);
  const rejected = [first, second].find((image) => image?.tags[imageTags.state] === 'rejected');
  expect((await ours(stage)).filter((image) => image.region === far)).toHaveLength(1);
  const smoke = (await stage.admin.builds()).filter(({ project }) => project === 'smoke');
  expect(smoke.map(({ env }) => env['NIGHTSHIFT_IMAGE_ID']?.value)).toContain(rejected?.id);

  const dry = await stage.line.prune({ dryRun: true });
  expect(dry.pruned).toMatchObject([{ imageId: rejected?.id, why: 'rejected' }]);
  await stage.line.prune();
  expect((await ours(stage)).map(({ id }) => id)).not.toContain(rejected?.id);
  expect(await stage.admin.orphanSnapshots()).toEqual([]);
});

test('the newest images are kept by a prune, older ones go with their copies and are not built again', async () => {
  const stage = await setStage({
    versions: ['16.11.0-1', '16.10.0-1', '16.9.0-1'],
    line: { baseOs: oneOs, copyTo: [far], keep: 2 },
  });
  await stage.check();
  const dry = await stage.line.prune({ dryRun: true });
  const shown = dry.pruned.map(({ imageId }) => imageId);
  expect(await stage.line.prune({ images: ['ami-00000000000000000'] })).toEqual({ pruned: [] });
  const { pruned } = await stage.line.prune({ images: shown });
  expect(pruned.map(({ evr, why }) => `${evr} ${why}`)).toEqual(['16.9.0-1 older']);
  const left = (await ours(stage)).map(({ tags }) => tags[imageTags.version]);
  expect(left.sort()).toEqual(['16.10.0-1', '16.10.0-1', '16.11.0-1', '16.11.0-1']);
  expect((await stage.check()).started).toEqual([]);
});

test('images that another tool built are known by its tags, and not built again', async () => {
  const stage = await setStage({
    versions: ['16.11.0-1', '16.10.0-1'],
    line: { baseOs: oneOs, existing: { version: 'RunnerVersion', filters: { Owner: 'platform' } } },
  });
  await stage.admin.createImage({
    account: account.name,
    region,
    name: 'old',
    tags: { RunnerVersion: '16.10.0', Owner: 'platform' },
  });
  const { built } = await stage.check();
  expect(built.map(({ evr }) => evr)).toEqual(['16.11.0-1']);
});

test('an image whose build a person cancels has its build stopped, and is held until it is released', async () => {
  const stage = await setStage({
    versions: ['16.11.0-1'],
    behaviour: { phases: { BUILD: 100_000 } },
    line: { baseOs: oneOs },
  });
  const { check } = await stage.line.check();
  await until(async () => (await stage.admin.builds()).length > 0 || undefined);
  const { line } = stage.line.name;
  const id = `image/${line}/dev/gitlab-runner/al2023/x86_64/16.11.0-1`;
  await stage.temporal.workflow.getHandle(id).cancel();
  const { failed } = await stage.line.settled(check);
  expect(failed).toMatchObject([{ reason: 'its build was cancelled' }]);
  const statuses = (await stage.admin.builds()).map(({ status }) => status);
  expect(statuses).toEqual(['STOPPED']);
  expect((await stage.check()).started).toEqual([]);
});

test('a base image is read from the parameter that names it, in the build’s own region', async () => {
  const name = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';
  const stage = await setStage({
    versions: ['16.11.0-1'],
    line: { baseOs: [{ name: 'al2023', baseImage: { ssm: name.replace('x86_64', '{arch}') } }] },
    fleet: { parameters: [{ name, value: baseImage }] },
  });
  expect((await stage.check()).failed).toEqual([]);
  const [build] = await stage.admin.builds();
  expect(build?.env['NIGHTSHIFT_BASE_IMAGE']?.value).toBe(baseImage);
});

test('a check can be waited for by its schedule’s workflow, which starts the line where it is not there', async () => {
  const stage = await setStage({ versions: ['16.11.0-1'] });
  const result = await stage.temporal.workflow.execute<
    (request: typeof stage.line.name) => Promise<CheckResult>
  >('imageCheck', {
    workflowId: `images-check/${stage.line.name.line}/dev`,
    taskQueue: stage.taskQueue,
    args: [stage.line.name],
  });
  expect(result).toMatchObject({ failed: [], built: [{ os: 'al2023' }, { os: 'rocky9' }] });
});

test('a check that its schedule has begun fails with what is wrong, and does not go on asking', async () => {
  const stage = await setStage({ versions: ['16.11.0-1'] });
  await stage.admin.addFault({ kind: 'denyActions', service: 'ec2', actions: ['DescribeImages'] });
  const { line } = stage.line.name;
  await expect(
    stage.temporal.workflow.execute('imageCheck', {
      workflowId: `images-check/${line}/dev`,
      taskQueue: stage.taskQueue,
      args: [stage.line.name],
    }),
  ).rejects.toMatchObject({
    cause: { type: 'AwsAccess', message: expect.stringContaining('can’t be listed') as string },
  });
});
