import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  paginateListBuckets,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, region, startTestSandbox, stranger, type TestSandbox } from './testing.js';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

const create = (name: string, constraint: string | undefined = region) =>
  new CreateBucketCommand({
    Bucket: name,
    ...(constraint === 'us-east-1'
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: constraint as never } }),
  });

describe('a bucket', () => {
  test('is created in its region, listed, tagged and deleted', async () => {
    const s3 = sandbox.s3();
    await s3.send(create('life'));
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: 'life' }));
    expect(LocationConstraint).toBe(region);
    await expect(s3.send(new GetBucketTaggingCommand({ Bucket: 'life' }))).rejects.toMatchObject({
      name: 'NoSuchTagSet',
    });
    const TagSet = [{ Key: 'ephemeral', Value: 'true & <more>' }];
    await s3.send(new PutBucketTaggingCommand({ Bucket: 'life', Tagging: { TagSet } }));
    expect(await s3.send(new GetBucketTaggingCommand({ Bucket: 'life' }))).toMatchObject({
      TagSet,
    });
    await s3.send(new DeleteBucketCommand({ Bucket: 'life' }));
    await expect(s3.send(new DeleteBucketCommand({ Bucket: 'life' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });

  test('in us-east-1 has no location constraint, and creating it again is no error there', async () => {
    const s3 = sandbox.s3({ region: 'us-east-1' });
    await s3.send(create('classic', 'us-east-1'));
    await s3.send(create('classic', 'us-east-1'));
    const { LocationConstraint } = await s3.send(
      new GetBucketLocationCommand({ Bucket: 'classic' }),
    );
    expect(LocationConstraint).toBeUndefined();
    expect((await s3.send(new HeadBucketCommand({ Bucket: 'classic' }))).BucketRegion).toBe(
      'us-east-1',
    );
  });

  test('must be created where its constraint says', async () => {
    await expect(sandbox.s3().send(create('elsewhere', 'eu-west-1'))).rejects.toMatchObject({
      name: 'IllegalLocationConstraintException',
    });
  });

  test('has a name that is global', async () => {
    sandbox.services.s3.seed({ account, region, name: 'taken' });
    await expect(sandbox.s3().send(create('taken'))).rejects.toMatchObject({
      name: 'BucketAlreadyOwnedByYou',
    });
    await expect(sandbox.s3({ account: stranger }).send(create('taken'))).rejects.toMatchObject({
      name: 'BucketAlreadyExists',
    });
    await expect(sandbox.s3().send(create('Not_A_Name'))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
  });

  test('of another account is denied, and one that is nowhere is missing', async () => {
    sandbox.services.s3.seed({ account: stranger, region, name: 'theirs' });
    const s3 = sandbox.s3();
    const look = (Bucket: string) => s3.send(new ListObjectVersionsCommand({ Bucket }));
    await expect(look('theirs')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(look('nobodys')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  test('of another region redirects to it, save for its location', async () => {
    sandbox.services.s3.seed({ account, region: 'us-east-1', name: 'far-away' });
    const s3 = sandbox.s3();
    const refusal = await s3
      .send(new GetBucketTaggingCommand({ Bucket: 'far-away' }))
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'PermanentRedirect',
      $metadata: { httpStatusCode: 301 },
    });
    expect(refusal).toHaveProperty('$response.headers.x-amz-bucket-region', 'us-east-1');
    await s3.send(new GetBucketLocationCommand({ Bucket: 'far-away' }));
  });

  test('never versioned has no versioning status', async () => {
    sandbox.services.s3.seed({ account, region, name: 'plain' });
    const s3 = sandbox.s3();
    const status = async () =>
      (await s3.send(new GetBucketVersioningCommand({ Bucket: 'plain' }))).Status;
    expect(await status()).toBeUndefined();
    const VersioningConfiguration = { Status: 'Suspended' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: 'plain', VersioningConfiguration }));
    expect(await status()).toBe('Suspended');
  });

  test('with an object in it is not deleted', async () => {
    sandbox.services.s3.seed({ account, region, name: 'full' });
    const s3 = sandbox.s3();
    await s3.send(new PutObjectCommand({ Bucket: 'full', Key: 'a', Body: 'x' }));
    await expect(s3.send(new DeleteBucketCommand({ Bucket: 'full' }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
  });
});

describe('ListBuckets', () => {
  test('pages, and limits to a region when it is asked there', async () => {
    const own = '333333333333';
    const fleet = { accounts: [{ id: own, name: 'lister' }] };
    const listing = await startTestSandbox(fleet);
    try {
      for (let index = 0; index < 25; index++)
        listing.services.s3.seed({
          account: own,
          region: index % 5 === 0 ? 'us-east-1' : region,
          name: `bucket-${String(index).padStart(2, '0')}`,
        });
      const s3 = listing.s3({ account: own });
      const pages: number[] = [];
      const names: string[] = [];
      for await (const page of paginateListBuckets(
        { client: s3, pageSize: 8 },
        { BucketRegion: region },
      )) {
        pages.push(page.Buckets?.length ?? 0);
        for (const bucket of page.Buckets ?? []) {
          names.push(bucket.Name ?? '');
          expect(bucket.BucketRegion).toBe(region);
        }
      }
      expect(pages).toEqual([8, 8, 4]);
      expect(new Set(names).size).toBe(20);
      const all = await s3.send(new ListBucketsCommand({}));
      expect(all.Buckets).toHaveLength(25);
      expect(all.Buckets?.[0]).not.toHaveProperty('BucketRegion');
      await expect(
        s3.send(new ListBucketsCommand({ BucketRegion: 'us-east-1' })),
      ).rejects.toMatchObject({ name: 'InvalidArgument' });
    } finally {
      await listing.close();
    }
  });
});
