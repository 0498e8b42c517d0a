import {
  DeregisterImageCommand,
  DisableImageCommand,
  DisableImageDeprecationCommand,
  EnableImageCommand,
  EnableImageDeprecationCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  account,
  base,
  copyOf,
  imagesOf,
  namesOf,
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

const skip = (seconds: number) => there.sandbox.clock.skip(seconds);
const own = () => there.ec2();
const theirs = () => there.ec2({ account: stranger });
const shown = async () => (await imagesOf(own(), { ImageIds: [base], IncludeDisabled: true }))[0];
const share = (change: object = { Add: [{ UserId: stranger }] }) =>
  own().send(new ModifyImageAttributeCommand({ ImageId: base, LaunchPermission: change }));
const day = 86_400_000;

describe('deprecation', () => {
  const deprecate = (inDays: number) =>
    own().send(
      new EnableImageDeprecationCommand({
        ImageId: base,
        DeprecateAt: new Date(there.sandbox.clock.now() + inDays * day),
      }),
    );

  test('is shown to the minute, hides the image from others once it is due, and is taken back', async () => {
    await share();
    await deprecate(1);
    skip(10);
    const time = (await shown())?.DeprecationTime ?? '';
    expect(time).toMatch(/:00\.000Z$/);
    expect(await namesOf(theirs())).toEqual(['base']);
    skip(90_000);
    expect(await namesOf(theirs())).toEqual([]);
    expect(await namesOf(theirs(), { IncludeDeprecated: true })).toEqual(['base']);
    expect(await namesOf(own())).toEqual(['base']);
    await own().send(new DisableImageDeprecationCommand({ ImageId: base }));
    skip(10);
    expect(await namesOf(theirs())).toEqual(['base']);
    expect((await shown())?.DeprecationTime).toBeUndefined();
  });

  test('lies ahead, ten years at most, two for a public image', async () => {
    const refused = { name: 'InvalidParameterValue' };
    await expect(deprecate(-1)).rejects.toMatchObject(refused);
    await expect(deprecate(3660)).rejects.toMatchObject(refused);
    await expect(deprecate(3640)).resolves.toBeDefined();
    await share({ Add: [{ Group: 'all' }] });
    await expect(deprecate(740)).rejects.toMatchObject(refused);
    await expect(deprecate(720)).resolves.toBeDefined();
  });

  test('is for an image that there is, by its owner', async () => {
    await share();
    const input = { ImageId: base, DeprecateAt: new Date(there.sandbox.clock.now() + day) };
    await expect(theirs().send(new EnableImageDeprecationCommand(input))).rejects.toMatchObject({
      name: 'AuthFailure',
      message: `Not authorized for image:${base}`,
    });
    const other = { ...input, ImageId: 'ami-00000000000000000' };
    await expect(own().send(new EnableImageDeprecationCommand(other))).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
    });
  });
});

describe('a disabled image', () => {
  test('is no longer shared, not listed, not copied; enabled again it is, but not shared', async () => {
    await share();
    await own().send(new DisableImageCommand({ ImageId: base }));
    skip(10);
    expect(await namesOf(own())).toEqual([]);
    expect(await namesOf(theirs(), { IncludeDisabled: true })).toEqual([]);
    expect((await shown())?.State).toBe('disabled');
    const unavailable = { name: 'InvalidAMIID.Unavailable' };
    await expect(copyOf(own())).rejects.toMatchObject(unavailable);
    await expect(share()).rejects.toMatchObject(unavailable);
    await own().send(new EnableImageCommand({ ImageId: base }));
    skip(10);
    expect(await namesOf(own())).toEqual(['base']);
    expect(await namesOf(theirs())).toEqual([]);
  });

  test('can not be made of one that is not available yet', async () => {
    const { id } = there.sandbox.services.ec2.images.makeImage({
      account,
      region,
      name: 'slow',
      availableAfter: 600,
    });
    skip(10);
    await expect(own().send(new DisableImageCommand({ ImageId: id }))).rejects.toMatchObject({
      name: 'InvalidAMIID.Unavailable',
    });
  });
});

describe('deregistering', () => {
  const deregister = (input: object = {}) =>
    own().send(new DeregisterImageCommand({ ImageId: base, ...input }));

  test('an image is still shown for a moment, then empty results, in the end not known', async () => {
    await deregister();
    const byId = () => namesOf(own(), { ImageIds: [base] });
    expect(await byId()).toEqual(['base']);
    skip(10);
    expect(await byId()).toEqual([]);
    expect(await namesOf(own())).toEqual([]);
    skip(3600);
    await expect(byId()).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  });

  test('twice is refused, first as no longer available, later as not found', async () => {
    await deregister();
    await expect(deregister()).rejects.toMatchObject({
      name: 'InvalidAMIID.Unavailable',
      message: `The image ID '${base}' is no longer available`,
    });
    skip(3600);
    await expect(deregister()).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  });

  test('leaves the snapshots, unless they are to go too', async () => {
    const [image] = await there.admin.images({ name: 'base' });
    const [SnapshotId] = image!.snapshots;
    await deregister();
    expect(await there.admin.orphanSnapshots()).toMatchObject([{ id: SnapshotId }]);
    const second = await there.admin.createImage({ account, region, name: 'second' });
    const input = { ImageId: second.id, DeleteAssociatedSnapshots: true };
    const { Return, DeleteSnapshotResults } = await deregister(input);
    expect(Return).toBe(true);
    expect(DeleteSnapshotResults).toEqual([
      { SnapshotId: second.snapshots[0], ReturnCode: 'success' },
    ]);
    expect(await there.admin.orphanSnapshots()).toMatchObject([{ id: SnapshotId }]);
  });

  test('skips a snapshot that another image uses', async () => {
    const [image] = await there.admin.images({ name: 'base' });
    const [SnapshotId] = image!.snapshots;
    await own().send(
      new RegisterImageCommand({
        Name: 'twin',
        RootDeviceName: '/dev/sda1',
        BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId } }],
      }),
    );
    const { DeleteSnapshotResults } = await deregister({ DeleteAssociatedSnapshots: true });
    expect(DeleteSnapshotResults).toEqual([{ SnapshotId, ReturnCode: 'skipped' }]);
    expect(await there.admin.orphanSnapshots()).toEqual([]);
  });

  test('is for the owner only, and not before the image is known', async () => {
    await share();
    await expect(
      theirs().send(new DeregisterImageCommand({ ImageId: base })),
    ).rejects.toMatchObject({ name: 'AuthFailure' });
    const id = await copyOf(own());
    await expect(deregister({ ImageId: id })).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
    });
    skip(10);
    await expect(deregister({ ImageId: id })).resolves.toMatchObject({ Return: true });
  });
});

test('a dry run changes nothing', async () => {
  const input = { ImageId: base, DryRun: true };
  await expect(own().send(new DeregisterImageCommand(input))).rejects.toMatchObject({
    name: 'DryRunOperation',
  });
  expect(await there.admin.images({ name: 'base' })).toMatchObject([{ state: 'available' }]);
});
