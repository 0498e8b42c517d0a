import {
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandInput,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  account,
  base,
  region,
  startImageSandbox,
  stranger,
  type ImageSandbox,
} from '../testing.js';

let there: ImageSandbox;
let snapshot: string;
beforeEach(async () => {
  there = await startImageSandbox();
  const [image] = await there.admin.images({ name: 'base' });
  snapshot = image!.snapshots[0]!;
});
afterEach(() => there.sandbox.close());

const remove = (SnapshotId: string, client = there.ec2()) =>
  client.send(new DeleteSnapshotCommand({ SnapshotId }));
const ids = async (input: DescribeSnapshotsCommandInput = {}) => {
  const { Snapshots } = await there.ec2().send(new DescribeSnapshotsCommand(input));
  return Snapshots?.map(({ SnapshotId }) => SnapshotId) ?? [];
};

test('the snapshot of an image is in use until the image is deregistered', async () => {
  await expect(remove(snapshot)).rejects.toMatchObject({
    name: 'InvalidSnapshot.InUse',
    message: `The snapshot ${snapshot} is currently in use by ${base}`,
  });
  await there.ec2().send(new DeregisterImageCommand({ ImageId: base }));
  await remove(snapshot);
  await expect(remove(snapshot)).rejects.toMatchObject({ name: 'InvalidSnapshot.NotFound' });
  expect(await there.admin.orphanSnapshots()).toEqual([]);
});

test('a disabled image uses its snapshot, too', async () => {
  await there.admin.changeImage({ id: base, state: 'disabled' });
  await expect(remove(snapshot)).rejects.toMatchObject({ name: 'InvalidSnapshot.InUse' });
});

test('an account sees its own snapshots, by id, owner, status and description', async () => {
  await there.admin.createImage({ account: stranger, region, name: 'theirs' });
  expect(await ids()).toEqual([snapshot]);
  expect(await ids({ SnapshotIds: [snapshot] })).toEqual([snapshot]);
  expect(await ids({ OwnerIds: ['self'] })).toEqual([snapshot]);
  expect(await ids({ OwnerIds: [stranger] })).toEqual([]);
  const filter = (Name: string, value: string) => ids({ Filters: [{ Name, Values: [value] }] });
  expect(await filter('status', 'completed')).toEqual([snapshot]);
  expect(await filter('status', 'pending')).toEqual([]);
  expect(await filter('description', `*${base}*`)).toEqual([snapshot]);
  await expect(filter('colour', 'red')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('one that is not there, malformed or another account’s is refused', async () => {
  const theirs = await there.admin.createImage({ account: stranger, region, name: 'theirs' });
  const notFound = { name: 'InvalidSnapshot.NotFound' };
  await expect(ids({ SnapshotIds: ['snap-00000000'] })).rejects.toMatchObject(notFound);
  await expect(remove(theirs.snapshots[0]!)).rejects.toMatchObject(notFound);
  await expect(remove('vol-1')).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('pages have five snapshots at least', async () => {
  for (let index = 0; index < 6; index++)
    await there.admin.createImage({ account, region, name: `image ${index}` });
  const first = await there.ec2().send(new DescribeSnapshotsCommand({ MaxResults: 5 }));
  const { NextToken = '' } = first;
  expect(first.Snapshots).toHaveLength(5);
  expect(await ids({ MaxResults: 5, NextToken })).toHaveLength(2);
  await expect(ids({ MaxResults: 4 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

test('a snapshot of an image that failed is in error', async () => {
  const { id } = await there.admin.createImage({ account, region, name: 'bad', state: 'pending' });
  await there.admin.changeImage({ id, state: 'failed', reason: 'no room' });
  there.sandbox.clock.skip(10);
  expect(await ids({ Filters: [{ Name: 'status', Values: ['error'] }] })).toHaveLength(1);
});
