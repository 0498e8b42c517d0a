import { expect, test } from 'vitest';
import { imageTags } from '../../../../src/domain/images/tags.js';
import {
  account,
  base,
  callsOf,
  callsReach,
  home,
  laterBy,
  living,
  setStage,
  type Stage,
  tagsOn,
} from './support.js';

let stage: Stage;
const tag = (imageId: string, tags: Record<string, string>) => {
  const worker = stage.worker();
  const { tagImage } = worker.activities;
  return worker.run(tagImage, { place: stage.place, region: home, imageId, tags });
};

test('tags are put on an image and on its snapshots, and others stay', async () => {
  stage = await setStage();
  await tag(base, { team: 'platform', [imageTags.line]: 'runner' });
  await tag(base, { [imageTags.state]: 'ready' });
  const all = { team: 'platform', [imageTags.line]: 'runner', [imageTags.state]: 'ready' };
  const [image] = await living(stage, home);
  expect(image?.tags).toEqual(all);
  expect(image?.snapshots.map((id) => tagsOn(stage, home, id))).toEqual([all]);
  expect(await callsOf(stage, 'CreateTags')).toBe(2);
});

test('an image that was just made is tagged once EC2 knows it', async () => {
  stage = await setStage({ speed: 1e-6 });
  const { id } = stage.sandbox.services.ec2.images.makeImage({
    account,
    region: home,
    name: 'new',
  });
  const tagging = tag(id, { team: 'platform' });
  await callsReach(stage, 'DescribeImages', 3);
  stage.sandbox.clock.skip(5);
  await tagging;
  expect(tagsOn(stage, home, id)).toEqual({ team: 'platform' });
});

test('an image that is not there is not waited for for ever', async () => {
  stage = await setStage();
  const tagging = tag('ami-00000000000000000', { team: 'platform' });
  await callsReach(stage, 'DescribeImages', 2);
  laterBy(121_000);
  await expect(tagging).rejects.toMatchObject({
    type: 'ImageFailed',
    nonRetryable: true,
    message: `there is no image ami-00000000000000000 in ${home}`,
  });
});

test('no tags are no call', async () => {
  stage = await setStage();
  await tag(base, {});
  expect(await stage.admin.ledger()).toEqual([]);
});

test('what is throttled or lost is done again', async () => {
  stage = await setStage();
  await stage.admin.setFaults([
    { kind: 'throttle', service: 'ec2', share: 0.2 },
    { kind: 'loseResponse', service: 'ec2', share: 0.2 },
  ]);
  await tag(base, { team: 'platform' });
  expect(tagsOn(stage, home, base)).toEqual({ team: 'platform' });
});
