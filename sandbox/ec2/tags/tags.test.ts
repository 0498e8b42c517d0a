import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeTagsCommand,
  paginateDescribeTags,
  type Tag,
} from '@aws-sdk/client-ec2';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  account,
  base,
  imagesOf,
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

const settle = () => there.sandbox.clock.skip(10);
const tag = (Tags: Tag[], ...Resources: string[]) =>
  there.ec2().send(new CreateTagsCommand({ Resources, Tags }));
const untag = (Tags: Tag[] | undefined, ...Resources: string[]) =>
  there.ec2().send(new DeleteTagsCommand({ Resources, Tags }));
const tagsOf = async (client = there.ec2()) => {
  const [image] = await imagesOf(client, { ImageIds: [base] });
  return Object.fromEntries((image?.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
};

describe('CreateTags', () => {
  test('adds and overwrites, and is seen after a while', async () => {
    await tag([{ Key: 'owner', Value: 'them' }, { Key: '<key>' }], base, snapshot);
    expect(await tagsOf()).toEqual({ owner: 'us' });
    expect(await there.admin.images({ name: 'base' })).toMatchObject([
      { tags: { owner: 'them', '<key>': '' } },
    ]);
    settle();
    expect(await tagsOf()).toEqual({ owner: 'them', '<key>': '' });
  });

  test('of another account’s image puts tags that only the tagger sees', async () => {
    const open = await there.admin.createImage({
      account: stranger,
      region,
      name: 'open',
      public: true,
    });
    await tag([{ Key: 'mine', Value: 'yes' }], open.id);
    settle();
    const seenBy = async (client = there.ec2()) =>
      (await imagesOf(client, { ImageIds: [open.id] }))[0]?.Tags ?? [];
    expect(await seenBy()).toEqual([{ Key: 'mine', Value: 'yes' }]);
    expect(await seenBy(there.ec2({ account: stranger }))).toEqual([]);
  });

  test('fifty a resource; those that it has already are not counted twice', async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ Key: `key-${index}`, Value: 'v' }));
    await expect(tag(many(50), base)).rejects.toMatchObject({ name: 'TagLimitExceeded' });
    await tag(many(49), base);
    await expect(tag([{ Key: 'owner', Value: 'new' }], base)).resolves.toBeDefined();
    await expect(tag([{ Key: 'one more' }], base)).rejects.toMatchObject({
      name: 'TagLimitExceeded',
    });
  });

  test('tags all resources or none', async () => {
    await expect(tag([{ Key: 'a' }], base, 'ami-00000000000000000')).rejects.toMatchObject({
      name: 'InvalidAMIID.NotFound',
    });
    settle();
    expect(await tagsOf()).toEqual({ owner: 'us' });
  });

  test.each([
    ['aws:own', '', 'InvalidParameterValue'],
    ['AWS:own', '', 'InvalidParameterValue'],
    ['k'.repeat(129), '', 'InvalidParameterValue'],
    ['key', 'v'.repeat(257), 'InvalidParameterValue'],
  ])('refuses the tag %s', async (Key, Value, name) => {
    await expect(tag([{ Key, Value }], base)).rejects.toMatchObject({ name });
  });

  test('refuses what it can not tag, and an image that is not known yet', async () => {
    await expect(tag([{ Key: 'a' }], 'i-0123')).rejects.toMatchObject({ name: 'InvalidID' });
    await expect(tag([{ Key: 'a' }], 'snap-00000000')).rejects.toMatchObject({
      name: 'InvalidSnapshot.NotFound',
    });
    const { id } = there.sandbox.services.ec2.images.makeImage({ account, region, name: 'fresh' });
    await expect(tag([{ Key: 'a' }], id)).rejects.toMatchObject({ name: 'InvalidAMIID.NotFound' });
    settle();
    await expect(tag([{ Key: 'a' }], id)).resolves.toBeDefined();
  });
});

describe('DeleteTags', () => {
  beforeEach(() =>
    tag(
      [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
      base,
    ),
  );

  test('by key, by key and value, or all', async () => {
    await untag([{ Key: 'a', Value: 'other' }, { Key: 'b' }], base);
    settle();
    expect(await tagsOf()).toEqual({ owner: 'us', a: '1' });
    await untag([{ Key: 'a', Value: '1' }], base);
    settle();
    expect(await tagsOf()).toEqual({ owner: 'us' });
    await untag(undefined, base);
    settle();
    expect(await tagsOf()).toEqual({});
  });
});

describe('DescribeTags', () => {
  const described = async (Name: string, ...Values: string[]) => {
    const input = new DescribeTagsCommand({ Filters: [{ Name, Values }] });
    const { Tags } = await there.ec2().send(input);
    return Tags?.map(({ ResourceType, Key, Value }) => `${ResourceType} ${Key}=${Value}`).sort();
  };

  test('finds tags by key, value, resource and type', async () => {
    await tag([{ Key: 'line', Value: 'a' }], base, snapshot);
    expect(await described('key', 'line')).toEqual([]);
    settle();
    expect(await described('key', 'line')).toEqual(['image line=a', 'snapshot line=a']);
    expect(await described('resource-id', base)).toEqual(['image line=a', 'image owner=us']);
    expect(await described('resource-type', 'snapshot')).toEqual(['snapshot line=a']);
    expect(await described('value', 'u*')).toEqual(['image owner=us']);
    expect(await described('tag:line', 'a')).toHaveLength(2);
    await expect(described('colour', 'red')).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('in pages of five at least', async () => {
    const Tags = Array.from({ length: 11 }, (_, index) => ({ Key: `key-${index}`, Value: 'v' }));
    await tag(Tags, base);
    settle();
    const sizes: number[] = [];
    for await (const page of paginateDescribeTags({ client: there.ec2(), pageSize: 5 }, {}))
      sizes.push(page.Tags?.length ?? 0);
    expect(sizes).toEqual([5, 5, 2]);
    await expect(
      there.ec2().send(new DescribeTagsCommand({ MaxResults: 4 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });
});
