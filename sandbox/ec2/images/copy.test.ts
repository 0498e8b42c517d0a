import {
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeSnapshotsCommand,
  ModifyImageAttributeCommand,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  account,
  base,
  copyOf,
  elsewhere,
  imagesOf,
  region,
  startImageSandbox,
  stranger,
  type ImageSandbox,
} from '../testing.js';

let there: ImageSandbox;
const start = async (...input: Parameters<typeof startImageSandbox>) => {
  there = await startImageSandbox(...input);
};
beforeEach(() => start());
afterEach(() => there.sandbox.close());

const far = () => there.ec2({ region: elsewhere });
const skip = (seconds: number) => there.sandbox.clock.skip(seconds);
const shown = async (id: string) => (await imagesOf(far(), { ImageIds: [id] }))[0];

describe('a copy', () => {
  test('is pending for its time, then available, and knows where it came from', async () => {
    const id = await copyOf(far(), { Description: 'of the base' });
    skip(30);
    expect(await shown(id)).toMatchObject({ State: 'pending', Description: 'of the base' });
    expect(await there.admin.imageCopies()).toMatchObject([{ id, state: 'pending' }]);
    skip(34);
    expect(await shown(id)).toMatchObject({
      State: 'available',
      Name: 'copy',
      OwnerId: account,
      SourceImageId: base,
      SourceImageRegion: region,
    });
    expect(await there.admin.imageCopies()).toEqual([]);
  });

  test('has a snapshot of its own, which is completed with it', async () => {
    const id = await copyOf(far());
    skip(30);
    const image = await shown(id);
    const [original] = await imagesOf(there.ec2(), { ImageIds: [base] });
    const snapshotId = image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
    expect(snapshotId).not.toBe(original?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId);
    const state = async () => {
      const input = new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] });
      return (await far().send(input)).Snapshots?.[0]?.State;
    };
    expect(await state()).toBe('pending');
    skip(60);
    expect(await state()).toBe('completed');
  });

  test('has no launch permissions, and no tags unless it is told to', async () => {
    await there.ec2().send(
      new ModifyImageAttributeCommand({
        ImageId: base,
        LaunchPermission: { Add: [{ UserId: stranger }] },
      }),
    );
    const plain = await copyOf(far());
    const TagSpecifications = [
      { ResourceType: 'image' as const, Tags: [{ Key: 'key', Value: 'v' }] },
      { ResourceType: 'snapshot' as const, Tags: [{ Key: 'of', Value: 'snap' }] },
    ];
    const tagged = await copyOf(far(), { Name: 'two', CopyImageTags: true, TagSpecifications });
    skip(100);
    expect((await shown(plain))?.Tags ?? []).toEqual([]);
    const image = await shown(tagged);
    expect(image?.Tags).toEqual([
      { Key: 'owner', Value: 'us' },
      { Key: 'key', Value: 'v' },
    ]);
    const { Snapshots } = await far().send(
      new DescribeSnapshotsCommand({ Filters: [{ Name: 'tag:of', Values: ['snap'] }] }),
    );
    expect(Snapshots?.map(({ SnapshotId }) => SnapshotId)).toEqual(
      image?.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.SnapshotId),
    );
    const { LaunchPermissions } = await far().send(
      new DescribeImageAttributeCommand({ ImageId: plain, Attribute: 'launchPermission' }),
    );
    expect(LaunchPermissions ?? []).toEqual([]);
  });

  test('of an image that is shared does not take the tags of its owner', async () => {
    await there.ec2().send(
      new ModifyImageAttributeCommand({
        ImageId: base,
        LaunchPermission: { Add: [{ UserId: stranger }] },
      }),
    );
    const theirs = there.ec2({ account: stranger, region: elsewhere });
    const id = await copyOf(theirs, { CopyImageTags: true });
    expect(await there.admin.images({ account: stranger })).toMatchObject([{ id, tags: {} }]);
  });

  test('is stopped by being deregistered, and leaves its snapshot behind', async () => {
    const id = await copyOf(far());
    skip(10);
    await far().send(new DeregisterImageCommand({ ImageId: id }));
    skip(100);
    expect(await there.admin.images({ region: elsewhere })).toMatchObject([
      { id, state: 'deregistered' },
    ]);
    expect(await there.admin.orphanSnapshots()).toMatchObject([{ region: elsewhere }]);
  });
});

describe('a client token', () => {
  test('makes one copy however often it is sent', async () => {
    const first = await copyOf(far(), { ClientToken: 'token-1' });
    expect(await copyOf(far(), { ClientToken: 'token-1' })).toBe(first);
    expect(await copyOf(far(), { ClientToken: 'token-2', Name: 'other' })).not.toBe(first);
    const copies = there.sandbox.ledger
      .entries()
      .filter(({ action, effective }) => action === 'CopyImage' && effective);
    expect(copies).toHaveLength(2);
  });

  test('with other parameters is refused', async () => {
    await copyOf(far(), { ClientToken: 'token-1' });
    await expect(copyOf(far(), { ClientToken: 'token-1', Name: 'other' })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatch',
    });
  });

  test('is forgotten after a day, of 64 characters at most, free after a refusal', async () => {
    const first = await copyOf(far(), { ClientToken: 'x'.repeat(64) });
    skip(25 * 3600);
    expect(await copyOf(far(), { ClientToken: 'x'.repeat(64) })).not.toBe(first);
    await expect(copyOf(far(), { ClientToken: 'x'.repeat(65) })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    await expect(copyOf(far(), { ClientToken: 'again', Name: '!' })).rejects.toThrow();
    await expect(copyOf(far(), { ClientToken: 'again' })).resolves.toMatch(/^ami-/);
  });

  test('saves a copy whose answer was lost', async () => {
    there.sandbox.faults.set([{ kind: 'loseResponse', share: 1, when: 'after' }]);
    await expect(copyOf(far(), { ClientToken: 'lost' })).rejects.toThrow();
    there.sandbox.faults.clear();
    const id = await copyOf(far(), { ClientToken: 'lost' });
    expect(await there.admin.images({ region: elsewhere })).toMatchObject([{ id }]);
  });
});

describe('what is refused', () => {
  test('a source that is not there, not in that region, or another account’s', async () => {
    const notFound = { name: 'InvalidAMIID.NotFound' };
    await expect(copyOf(far(), { SourceImageId: 'ami-00000000' })).rejects.toMatchObject(notFound);
    await expect(copyOf(far(), { SourceRegion: elsewhere })).rejects.toMatchObject(notFound);
    const theirs = there.ec2({ account: stranger, region: elsewhere });
    await expect(copyOf(theirs)).rejects.toMatchObject(notFound);
    await expect(copyOf(far(), { SourceRegion: 'me-central-1' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('a source that is not available, or no longer', async () => {
    const { images } = there.sandbox.services.ec2;
    const slow = images.makeImage({ account, region, name: 'slow', availableAfter: 600 });
    skip(10);
    const unavailable = { name: 'InvalidAMIID.Unavailable' };
    await expect(copyOf(far(), { SourceImageId: slow.id })).rejects.toMatchObject(unavailable);
    skip(600);
    await expect(copyOf(far(), { SourceImageId: slow.id })).resolves.toMatch(/^ami-/);
    await there.ec2().send(new DeregisterImageCommand({ ImageId: slow.id }));
    await expect(copyOf(far(), { SourceImageId: slow.id })).rejects.toMatchObject(unavailable);
  });

  test.each(['ab', 'x'.repeat(129), 'no*stars'])('the name %s', async (Name) => {
    await expect(copyOf(far(), { Name })).rejects.toMatchObject({
      name: 'InvalidAMIName.Malformed',
    });
  });

  test('more copies at once than the account may have, until one is done', async () => {
    await there.sandbox.close();
    await start({ ec2: { concurrentCopies: 2 } });
    await copyOf(far(), { Name: 'one' });
    await copyOf(far(), { Name: 'two' });
    await expect(copyOf(far(), { Name: 'three' })).rejects.toMatchObject({
      name: 'ResourceLimitExceeded',
    });
    await expect(copyOf(there.ec2(), { Name: 'another region' })).resolves.toMatch(/^ami-/);
    skip(61);
    await expect(copyOf(far(), { Name: 'three' })).resolves.toMatch(/^ami-/);
  });

  test('a name that is taken, where the fleet says so', async () => {
    await copyOf(far());
    await expect(copyOf(far())).resolves.toMatch(/^ami-/);
    await there.sandbox.close();
    await start({ ec2: { copyNames: 'unique' } });
    await copyOf(far());
    await expect(copyOf(far())).rejects.toMatchObject({ name: 'InvalidAMIName.Duplicate' });
  });
});

describe('copies that go wrong', () => {
  test('fail with a reason, as often as the fleet says', async () => {
    await there.sandbox.close();
    const copyFailures = [{ region: elsewhere, name: 'bad-*', times: 1, reason: 'KMS says no' }];
    await start({ ec2: { copyFailures } });
    const bad = await copyOf(far(), { Name: 'bad-1' });
    const fine = await copyOf(far(), { Name: 'fine' });
    const again = await copyOf(far(), { Name: 'bad-1' });
    skip(70);
    expect(await shown(bad)).toMatchObject({
      State: 'failed',
      StateReason: { Message: 'KMS says no' },
    });
    expect((await shown(fine))?.State).toBe('available');
    expect((await shown(again))?.State).toBe('available');
  });

  test('are refused, or never end', async () => {
    await there.admin.failCopies({ kind: 'refused', reason: 'The storage is not available' });
    await expect(copyOf(far())).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: 'The storage is not available',
    });
    await there.admin.clearCopyFailures();
    await there.admin.failCopies({ kind: 'stuck' });
    const id = await copyOf(far());
    skip(86_400);
    expect((await shown(id))?.State).toBe('pending');
  });

  test('fail in the middle when the admin API says so, and stay failed', async () => {
    const id = await copyOf(far());
    skip(10);
    await there.admin.changeImage({ id, state: 'failed', reason: 'by hand' });
    skip(100);
    expect(await shown(id)).toMatchObject({ State: 'failed', StateReason: { Message: 'by hand' } });
  });
});
