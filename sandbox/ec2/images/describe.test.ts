import { paginateDescribeImages } from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  account,
  base,
  elsewhere,
  imagesOf,
  namesOf,
  region,
  startImageSandbox,
  stranger,
  type ImageSandbox,
} from '../testing.js';

let there: ImageSandbox;
beforeEach(async () => {
  there = await startImageSandbox({
    images: [
      { account, region, id: base, name: 'base', tags: { owner: 'us', line: 'a' }, ageDays: 3 },
      { account, region, name: 'runner-16.1', architecture: 'arm64', description: 'a runner' },
      { account, region, name: 'runner-16.10', tags: { line: 'b' }, deprecatedAfterDays: -1 },
      { account, region, name: 'switched-off', disabled: true },
      { account, region: elsewhere, name: 'elsewhere' },
      { account: stranger, region, name: 'private of another' },
      { account, region, name: 'lent', owner: stranger, tags: { secret: 'yes' } },
      { account, region, name: 'old and lent', owner: stranger, deprecatedAfterDays: -1 },
      { account: stranger, region, name: 'open', public: true },
      { account, region, name: 'al2023-ami-2023.1', owner: 'amazon' },
    ],
  });
});
afterEach(() => there.sandbox.close());

describe('an account sees', () => {
  test('its own images, those shared with it and public ones of its region', async () => {
    expect(await namesOf(there.ec2())).toEqual([
      'al2023-ami-2023.1',
      'base',
      'lent',
      'open',
      'runner-16.1',
      'runner-16.10',
    ]);
    expect(await namesOf(there.ec2({ region: elsewhere }))).toEqual(['elsewhere']);
  });

  test('images by owner: itself, an account, AWS', async () => {
    const owned = (...Owners: string[]) => namesOf(there.ec2(), { Owners });
    expect(await owned('self')).toEqual(['base', 'runner-16.1', 'runner-16.10']);
    expect(await owned('amazon')).toEqual(['al2023-ami-2023.1']);
    expect(await owned(stranger)).toEqual(['lent', 'open']);
    expect(await owned('amazon', stranger)).toHaveLength(3);
  });

  test('images by who may launch them', async () => {
    const launched = (...ExecutableUsers: string[]) => namesOf(there.ec2(), { ExecutableUsers });
    expect(await launched('self')).toEqual(['lent']);
    expect(await launched('all')).toEqual(['al2023-ami-2023.1', 'open']);
    expect(await launched(stranger)).toEqual([]);
  });

  test('deprecated images of others by id or when it asks, its own always', async () => {
    expect(await namesOf(there.ec2(), { IncludeDeprecated: true })).toContain('old and lent');
    const [old] = await there.admin.images({ name: 'old and lent' });
    expect(await namesOf(there.ec2(), { ImageIds: [old!.id] })).toEqual(['old and lent']);
    const [own] = await imagesOf(there.ec2(), filter('name', 'runner-16.10'));
    expect(Date.parse(own?.DeprecationTime ?? '')).toBeLessThan(there.sandbox.clock.now());
  });

  test('disabled images only when it asks', async () => {
    expect(await namesOf(there.ec2(), { IncludeDisabled: true })).toContain('switched-off');
    const [off] = await there.admin.images({ state: 'disabled' });
    expect(await namesOf(there.ec2(), { ImageIds: [off!.id] })).toEqual([]);
  });
});

const filter = (Name: string, ...Values: string[]) => ({ Filters: [{ Name, Values }] });

describe('filters', () => {
  test.each([
    ['name', ['runner-16.1'], ['runner-16.1']],
    ['name', ['runner-*'], ['runner-16.1', 'runner-16.10']],
    ['name', ['runner-16.?'], ['runner-16.1']],
    ['name', ['runner-16.\\*'], []],
    ['tag:line', ['a', 'b'], ['base', 'runner-16.10']],
    ['tag:Line', ['a'], []],
    ['tag-key', ['owner'], ['base']],
    ['architecture', ['arm64'], ['runner-16.1']],
    ['description', ['*runner*'], ['runner-16.1']],
    ['state', ['pending'], []],
    ['image-id', [base], ['base']],
    ['owner-alias', ['amazon'], ['al2023-ami-2023.1']],
    ['is-public', ['true'], ['al2023-ami-2023.1', 'open']],
  ])('%s %j', async (name, values, expected) => {
    expect(await namesOf(there.ec2(), filter(name, ...values))).toEqual(expected);
  });

  test('all of them count, and one value of each is enough', async () => {
    const Filters = [
      { Name: 'tag:owner', Values: ['us'] },
      { Name: 'tag:line', Values: ['b'] },
    ];
    expect(await namesOf(there.ec2(), { Filters })).toEqual([]);
  });

  test('one that is unknown is refused by name', async () => {
    await expect(namesOf(there.ec2(), filter('colour', 'red'))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: "The filter 'colour' is invalid",
    });
  });

  test('two hundred values are enough', async () => {
    const values = Array.from({ length: 200 }, (_, index) => `name-${index}`);
    expect(await namesOf(there.ec2(), filter('name', ...values))).toEqual([]);
    await expect(namesOf(there.ec2(), filter('name', ...values, 'base'))).rejects.toMatchObject({
      name: 'FilterLimitExceeded',
    });
  });
});

describe('an id', () => {
  test('shows all there is to tell of an image, the tags of others not', async () => {
    const [image] = await imagesOf(there.ec2(), { ImageIds: [base] });
    expect(image).toMatchObject({
      ImageId: base,
      OwnerId: account,
      State: 'available',
      Architecture: 'x86_64',
      Public: false,
      RootDeviceName: '/dev/xvda',
      Tags: [
        { Key: 'owner', Value: 'us' },
        { Key: 'line', Value: 'a' },
      ],
    });
    expect(image?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId).toMatch(/^snap-0[0-9a-f]{16}$/);
    const age = there.sandbox.clock.now() - Date.parse(image?.CreationDate ?? '');
    expect(age / 86_400_000).toBeCloseTo(3);
    const [lent] = await imagesOf(there.ec2(), filter('name', 'lent'));
    expect(lent?.Tags ?? []).toEqual([]);
  });

  test('that is none is refused, one that nobody has or that is private too', async () => {
    const by = (...ImageIds: string[]) => namesOf(there.ec2(), { ImageIds });
    await expect(by('image-1')).rejects.toMatchObject({
      name: 'InvalidAMIID.Malformed',
      message: 'Invalid id: "image-1" (expecting "ami-...")',
    });
    await expect(by(base, 'ami-00000000000000000')).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
      message: "The image id '[ami-00000000000000000]' does not exist",
    });
    const [theirs] = await there.admin.images({ name: 'private of another' });
    await expect(by(theirs!.id)).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
    await expect(
      namesOf(there.ec2({ region: elsewhere }), { ImageIds: [base] }),
    ).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
  });
});

describe('pages', () => {
  test('show every image once, whatever comes and goes while they are read', async () => {
    const { images } = there.sandbox.services.ec2;
    for (let index = 0; index < 40; index++)
      images.makeImage({ account, region, name: `many-${index}`, tags: { many: 'yes' } });
    there.sandbox.clock.skip(60);
    const seen: string[] = [];
    const sizes: number[] = [];
    const input = filter('tag:many', 'yes');
    for await (const page of paginateDescribeImages({ client: there.ec2(), pageSize: 15 }, input)) {
      sizes.push(page.Images?.length ?? 0);
      seen.push(...(page.Images ?? []).map(({ ImageId }) => ImageId ?? ''));
      images.makeImage({ account, region, name: `late-${sizes.length}` });
      there.sandbox.clock.skip(60);
    }
    expect(sizes).toEqual([15, 15, 10]);
    expect(new Set(seen).size).toBe(40);
  });

  test('have 1 to 1,000 images, and a token of their own', async () => {
    await expect(namesOf(there.ec2(), { MaxResults: 1001 })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    await expect(namesOf(there.ec2(), { NextToken: 'bogus' })).rejects.toMatchObject({
      name: 'InvalidPaginationToken',
    });
    expect(await namesOf(there.ec2(), { MaxResults: 1 })).toHaveLength(1);
  });
});

describe('consistency', () => {
  test('a new image is seen after a while, by id and in lists', async () => {
    const { id } = there.sandbox.services.ec2.images.makeImage({ account, region, name: 'fresh' });
    await expect(namesOf(there.ec2(), { ImageIds: [id] })).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
    });
    expect(await namesOf(there.ec2(), { Owners: ['self'] })).not.toContain('fresh');
    there.sandbox.clock.skip(4);
    expect(await namesOf(there.ec2(), { ImageIds: [id] })).toEqual(['fresh']);
  });

  test('a build that is waiting for its image sees it pending, then available', async () => {
    const made = there.sandbox.services.ec2.images.makeImage({
      account,
      region,
      name: 'slow',
      availableAfter: 100,
    });
    const state = async () => {
      const [image] = await imagesOf(there.ec2(), { ImageIds: [made.id] });
      return image?.State;
    };
    there.sandbox.clock.skip(50);
    expect(await state()).toBe('pending');
    there.sandbox.clock.skip(51);
    expect(await state()).toBe('pending');
    there.sandbox.clock.skip(3);
    expect(await state()).toBe('available');
  });

  test('a stale read shows what was there before', async () => {
    const { images } = there.sandbox.services.ec2;
    const { id } = images.makeImage({ account, region, name: 'fresh' });
    there.sandbox.clock.skip(30);
    there.sandbox.faults.set([{ kind: 'staleRead', share: 1, seconds: 60 }]);
    await expect(namesOf(there.ec2(), { ImageIds: [id] })).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
    });
    there.sandbox.faults.clear();
    expect(await namesOf(there.ec2(), { ImageIds: [id] })).toEqual(['fresh']);
  });
});
