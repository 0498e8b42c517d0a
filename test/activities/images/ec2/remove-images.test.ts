import { expect, test } from 'vitest';
import {
  abroad,
  account,
  base,
  callsOf,
  cell,
  further,
  home,
  imageSpec,
  living,
  type Scenario,
  setStage,
  type Stage,
  tagsFor,
} from './support.js';

let stage: Stage;
let images: Record<string, string>;

const remove = (some = [images], by = stage.worker()) =>
  by.run(by.activities.removeImages, { place: stage.place, images: some });
const place = async (region: string, tags = tagsFor(), name = 'built'): Promise<string> =>
  (await stage.admin.createImage({ account, region, name, tags })).id;
const left = async () => (await living(stage)).map(({ id }) => id).filter((id) => id !== base);

/** An image with copies in two regions, and nothing of EC2 as it was. */
async function start(scenario: Scenario = {}): Promise<void> {
  stage = await setStage(scenario);
  images = {};
  for (const region of [home, abroad, further]) images[region] = await place(region);
}

test('images go in every region, their snapshots with them', async () => {
  await start();
  await remove();
  expect(await left()).toEqual([]);
  expect(await stage.admin.orphanSnapshots()).toEqual([]);
  expect(await callsOf(stage, 'DescribeImages'), 'one look at each region').toBe(3);
});

test('those that are gone are no error, at once or long after', async () => {
  await start({ speed: 1e-6 });
  await remove();
  await remove();
  stage.sandbox.clock.skip(10);
  await remove([images, { [home]: 'ami-00000000000000000' }]);
  expect(await left()).toEqual([]);
});

test('an image that Nightshift has no key on is not touched', async () => {
  await start();
  const { [`nightshift:key`]: _, ...tags } = tagsFor();
  const other = await place(home, tags, 'by another tool');
  await remove([images, { [home]: other }, { [home]: base }]);
  expect(await left()).toEqual([other]);
  expect((await living(stage, home)).map(({ id }) => id)).toContain(base);
});

test('images that nobody has named stay, whatever their key', async () => {
  await start();
  const sibling = await place(home, tagsFor(), 'sibling');
  const prefix = await place(home, tagsFor({ ...cell, evr: '16.11.0-10' }), 'prefix');
  await remove();
  expect(await left()).toEqual([sibling, prefix]);
});

test('a disabled image goes, too', async () => {
  await start();
  await stage.admin.changeImage({ id: images[abroad]!, state: 'disabled' });
  stage.sandbox.clock.skip(10);
  await remove();
  expect(await left()).toEqual([]);
});

test('a copy that is under way is stopped, and leaves nothing', async () => {
  await start({ speed: 1e-6 });
  const worker = stage.worker();
  const { copyImage } = worker.activities;
  const copying = worker.run(copyImage, { spec: imageSpec(stage), region: abroad, imageId: base });
  const outcome = expect(copying).rejects.toMatchObject({ type: 'WorkerStops' });
  while ((await stage.admin.imageCopies()).length === 0) await callsOf(stage, 'CopyImage');
  worker.stop();
  await outcome;
  const [copy] = await stage.admin.imageCopies();
  stage.sandbox.clock.skip(10);
  await remove([{ [abroad]: copy?.id ?? '' }]);
  expect((await left()).sort()).toEqual(Object.values(images).sort());
  expect(await stage.admin.orphanSnapshots()).toEqual([]);
});

test('a region that fails keeps no other from it; the image itself stays, so that its copies are found again', async () => {
  await start({ pace: { retries: 0 } });
  await stage.admin.setFaults([{ kind: 'throttle', service: 'ec2', share: 1, region: abroad }]);
  const alone = await place(home, tagsFor(), 'alone');
  await expect(remove([images, { [home]: alone }])).rejects.toMatchObject({
    type: 'AwsUnavailable',
    nonRetryable: false,
    message: expect.stringContaining(`${abroad}: RequestLimitExceeded`) as string,
  });
  expect((await left()).sort()).toEqual([images[home], images[abroad]].sort());
  await stage.admin.clearFaults();
  await remove();
  expect(await left()).toEqual([]);
  expect(await stage.admin.orphanSnapshots()).toEqual([]);
});

test('a region that is denied is no reason to try again', async () => {
  await start();
  await stage.admin.setFaults([
    { kind: 'denyActions', actions: ['DeregisterImage'], region: abroad },
  ]);
  await expect(remove()).rejects.toMatchObject({ type: 'AwsAccess', nonRetryable: true });
  expect((await left()).sort()).toEqual([images[home], images[abroad]].sort());
});

test('nothing is left where answers are lost, calls throttled and two do it at once', async () => {
  await start();
  await stage.admin.setFaults([
    { kind: 'throttle', service: 'ec2', share: 0.2 },
    { kind: 'loseResponse', service: 'ec2', share: 0.1, when: 'before' },
    { kind: 'loseResponse', service: 'ec2', share: 0.1, when: 'after' },
    { kind: 'staleRead', service: 'ec2', share: 0.3, seconds: 5 },
  ]);
  await Promise.all([remove(), remove()]);
  await stage.admin.clearFaults();
  expect(await left()).toEqual([]);
  expect(await stage.admin.orphanSnapshots()).toEqual([]);
});

test('a snapshot that another image uses stays', async () => {
  await start();
  const { ec2 } = stage.sandbox.services;
  const devices = ec2.images.find(images[home]!)!.options.devices;
  ec2.images.create({
    ownerId: account,
    region: home,
    name: 'user',
    architecture: 'x86_64',
    createdAt: 0,
    from: { devices, rootDevice: '/dev/xvda' },
    facts: { state: 'available' },
    tags: new Map(),
  });
  await remove();
  expect(ec2.snapshots.find(devices[0]!.snapshotId)?.isDeleted).toBe(false);
  expect(await stage.admin.orphanSnapshots()).toEqual([]);
});
