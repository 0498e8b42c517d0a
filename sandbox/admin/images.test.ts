import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  account,
  base,
  copyOf,
  elsewhere,
  namesOf,
  region,
  startImageSandbox,
  stranger,
  type ImageSandbox,
} from '../ec2/testing.js';

let there: ImageSandbox;
beforeEach(async () => {
  there = await startImageSandbox();
});
afterEach(() => there.sandbox.close());

describe('images', () => {
  test('are shown as they truly are, whatever EC2 shows of them yet', async () => {
    const id = await copyOf(there.ec2({ region: elsewhere }), { CopyImageTags: true });
    expect(await there.admin.images({ region: elsewhere })).toMatchObject([
      {
        id,
        account,
        name: 'copy',
        state: 'pending',
        tags: { owner: 'us' },
        source: { imageId: base, region },
      },
    ]);
    expect(await there.admin.images({ account: 'dev-1', name: 'base' })).toHaveLength(1);
    expect(await there.admin.images({ state: 'failed' })).toEqual([]);
  });

  test('are created at once, or as a build does', async () => {
    const tags = { line: 'a' };
    await there.admin.createImage({ account: 'dev-1', region, name: 'at once', tags });
    expect(await namesOf(there.ec2())).toEqual(['at once', 'base']);
    const slow = { account, region, name: 'slow', tags, availableAfter: 60 };
    expect(await there.admin.createImage(slow)).toMatchObject({ state: 'pending', tags });
    expect(await namesOf(there.ec2())).toEqual(['at once', 'base']);
    there.sandbox.clock.skip(61);
    expect(await there.admin.images({ name: 'slow' })).toMatchObject([{ state: 'available' }]);
  });

  test('are not created where there is no account, no region, or such an id already', async () => {
    const image = { account, region, name: 'new' };
    await expect(there.admin.createImage({ ...image, account: 'dev-9' })).rejects.toThrow(
      /no account "dev-9"/,
    );
    await expect(there.admin.createImage({ ...image, region: 'mars-1' })).rejects.toThrow(
      /no region "mars-1"/,
    );
    await expect(there.admin.createImage({ ...image, id: base })).rejects.toThrow(
      /is there already/,
    );
  });

  test('are changed behind EC2’s back', async () => {
    const changed = await there.admin.changeImage({ id: base, state: 'failed', reason: 'broken' });
    expect(changed).toMatchObject({ state: 'failed', reason: 'broken', tags: { owner: 'us' } });
    expect(await there.admin.changeImage({ id: base, tags: {} })).toMatchObject({ tags: {} });
    await expect(there.admin.changeImage({ id: 'ami-1' })).rejects.toThrow(/no image ami-1/);
  });
});

test('a snapshot that no image uses is an orphan', async () => {
  expect(await there.admin.orphanSnapshots()).toEqual([]);
  const { snapshots } = await there.admin.changeImage({ id: base, state: 'deregistered' });
  expect(await there.admin.orphanSnapshots()).toMatchObject([
    { id: snapshots[0], account, region, state: 'completed' },
  ]);
  expect(await there.admin.images({ account: stranger })).toEqual([]);
});
