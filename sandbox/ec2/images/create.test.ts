import {
  CreateImageCommand,
  RegisterImageCommand,
  type CreateImageCommandInput,
  type RegisterImageCommandInput,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  account,
  imagesOf,
  region,
  startImageSandbox,
  stranger,
  type ImageSandbox,
} from '../testing.js';

let there: ImageSandbox;
beforeEach(async () => {
  there = await startImageSandbox();
});
afterEach(() => there.sandbox.close());

const create = (input: Partial<CreateImageCommandInput> = {}) =>
  there
    .ec2()
    .send(new CreateImageCommand({ InstanceId: 'i-0123456789abcdef0', Name: 'made', ...input }));
const byName = async (name: string) => {
  const Filters = [{ Name: 'name', Values: [name] }];
  return (await imagesOf(there.ec2(), { Filters }))[0];
};

test('an image of an instance is available after a while, with its tags', async () => {
  const { ImageId } = await create({
    TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'a', Value: '1' }] }],
  });
  there.sandbox.clock.skip(10);
  expect(await byName('made')).toMatchObject({
    ImageId,
    State: 'pending',
    SourceInstanceId: 'i-0123456789abcdef0',
    Tags: [{ Key: 'a', Value: '1' }],
  });
  there.sandbox.clock.skip(60);
  expect(await byName('made')).toMatchObject({ State: 'available' });
});

test('a name is used once in an account and region, until its image is deregistered', async () => {
  const { ImageId } = await create();
  await expect(create()).rejects.toMatchObject({
    name: 'InvalidAMIName.Duplicate',
    message: `AMI name made is already in use by AMI ${ImageId}`,
  });
  await there.admin.changeImage({ id: ImageId ?? '', state: 'deregistered' });
  await expect(create()).resolves.toBeDefined();
});

test('an instance id that is none is refused, and so is a tag of something else', async () => {
  await expect(create({ InstanceId: 'vm-1' })).rejects.toMatchObject({
    name: 'InvalidInstanceID.Malformed',
  });
  const TagSpecifications = [{ ResourceType: 'instance' as const, Tags: [] }];
  await expect(create({ TagSpecifications })).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
});

const register = (snapshot: string, input: Partial<RegisterImageCommandInput> = {}) =>
  there.ec2().send(
    new RegisterImageCommand({
      Name: 'registered',
      Architecture: 'arm64',
      RootDeviceName: '/dev/sda1',
      BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId: snapshot } }],
      ...input,
    }),
  );

test('an image is registered of a snapshot that is there, available at once', async () => {
  const [image] = await there.admin.images({ name: 'base' });
  const [snapshot] = image!.snapshots;
  await register(snapshot!);
  there.sandbox.clock.skip(10);
  expect(await byName('registered')).toMatchObject({
    State: 'available',
    Architecture: 'arm64',
    BlockDeviceMappings: [{ Ebs: { SnapshotId: snapshot } }],
  });
  await expect(register(snapshot!)).rejects.toMatchObject({ name: 'InvalidAMIName.Duplicate' });
  await expect(register(snapshot!, { RootDeviceName: '/dev/xvda' })).rejects.toMatchObject({
    name: 'InvalidBlockDeviceMapping',
  });
});

test('a snapshot that is not there, not done or another account’s is refused', async () => {
  await expect(register('snap-00000000000000000')).rejects.toMatchObject({
    name: 'InvalidSnapshot.NotFound',
  });
  const theirs = await there.admin.createImage({ account: stranger, region, name: 'theirs' });
  await expect(register(theirs.snapshots[0]!)).rejects.toMatchObject({
    name: 'InvalidSnapshot.NotFound',
  });
  const slow = await there.admin.createImage({ account, region, name: 'slow', state: 'pending' });
  there.sandbox.clock.skip(10);
  await expect(register(slow.snapshots[0]!)).rejects.toMatchObject({ name: 'IncorrectState' });
});
