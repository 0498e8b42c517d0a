import { expect, test } from 'vitest';
import type { CreateImageInput } from '../../../../sandbox/admin/image-schema.js';
import { imageTags } from '../../../../src/domain/images/tags.js';
import {
  account,
  callsOf,
  cell,
  home,
  imageSpec,
  setStage,
  type Stage,
  stranger,
  tagsFor,
} from './support.js';

let stage: Stage;

/** An image of the cell, or as it is said. */
const place = async (image: Partial<CreateImageInput> & { name: string }): Promise<string> =>
  (await stage.admin.createImage({ account, region: home, tags: tagsFor(), ...image })).id;
const find = (more: Parameters<typeof imageSpec>[1] = {}) => {
  const worker = stage.worker();
  return worker.run(worker.activities.findImage, { spec: imageSpec(stage, more) });
};

test('an image is found by its key, with how far it is', async () => {
  stage = await setStage();
  const tags = { ...tagsFor(), [imageTags.state]: 'ready' };
  const imageId = await place({ name: 'built', tags });
  expect(await find()).toEqual({ imageId, state: 'available', ready: true });
  expect(await callsOf(stage, 'DescribeImages'), 'in one call').toBe(1);
});

test('an image that is still made is found, too, and is not ready', async () => {
  stage = await setStage({ speed: 1e-6 });
  const imageId = await place({ name: 'slow', state: 'pending', availableAfter: 600 });
  stage.sandbox.clock.skip(10);
  expect(await find()).toEqual({ imageId, state: 'pending', ready: false });
});

test('there is none where there is none', async () => {
  stage = await setStage();
  expect(await find()).toBeNull();
});

test('of several the oldest is found, by whoever looks', async () => {
  stage = await setStage();
  await place({ name: 'young', ageDays: 1 });
  const imageId = await place({ name: 'old', ageDays: 3 });
  await place({ name: 'middle', ageDays: 2 });
  expect(await find()).toMatchObject({ imageId });
});

test('images that failed, were rejected or are excluded don’t count', async () => {
  stage = await setStage({ speed: 1e-6 });
  await place({ name: 'failed', state: 'failed' });
  await place({ name: 'rejected', tags: { ...tagsFor(), [imageTags.state]: 'rejected' } });
  const excluded = await place({ name: 'excluded' });
  stage.sandbox.clock.skip(10);
  expect(await find({ exclude: [excluded] })).toBeNull();
  expect(await find()).toMatchObject({ imageId: excluded });
});

test('images of other lines, channels and versions whose names begin alike are others', async () => {
  stage = await setStage();
  const others = [
    tagsFor({ ...cell, evr: '16.11.0-10' }),
    tagsFor({ ...cell, evr: '16.11.0' }),
    tagsFor({ ...cell, recipe: 'r1' }),
    tagsFor(cell, { line: 'runner', channel: 'dev2' }),
    tagsFor(cell, { line: 'runner2', channel: 'dev' }),
  ];
  for (const [index, tags] of others.entries()) await place({ name: `other-${index}`, tags });
  expect(await find()).toBeNull();
});

test('a key is taken as it is: what EC2 takes for wildcards is none', async () => {
  stage = await setStage();
  await place({ name: 'plain' });
  expect(await find({ key: tagsFor()[imageTags.key]!.replace('16.11', '16?*') })).toBeNull();
  const odd = 'runner/dev/gitlab-runner/al2023/x86_64/1\\*2';
  const imageId = await place({ name: 'odd', tags: { [imageTags.key]: odd } });
  expect(await find({ key: odd })).toMatchObject({ imageId });
});

test('an image that another account shares is not ours, though we have tagged it', async () => {
  const id = 'ami-0aaaaaaaaaaaaaaa0';
  const shared = { account, owner: stranger, region: home, id, name: 'theirs' };
  stage = await setStage({ fleet: { images: [shared] } });
  const { tags } = stage.sandbox.services.ec2;
  tags.set(
    { accountId: account, region: home, resourceId: id },
    0,
    new Map(Object.entries(tagsFor())),
  );
  expect(await find()).toBeNull();
});

test('a deprecated image is found', async () => {
  stage = await setStage();
  const imageId = await place({ name: 'old', ageDays: 30, deprecatedAfterDays: -1 });
  expect(await find()).toMatchObject({ imageId });
});

test('what EC2 throttles or loses is asked again', async () => {
  stage = await setStage();
  const imageId = await place({ name: 'built' });
  await stage.admin.setFaults([
    { kind: 'throttle', service: 'ec2', share: 0.2 },
    { kind: 'loseResponse', service: 'ec2', share: 0.2 },
  ]);
  expect(await find()).toMatchObject({ imageId });
});
