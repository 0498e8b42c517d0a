import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, region, startTestSandbox, type TestSandbox } from './testing.js';

let sandbox: TestSandbox;
let s3: S3Client;
beforeAll(async () => {
  sandbox = await startTestSandbox();
  s3 = sandbox.s3();
});
afterAll(() => sandbox.close());

const put = (Bucket: string, Key: string, Body = 'body') =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body }));

describe('an object', () => {
  test('is read back as it was put, under any key', async () => {
    sandbox.services.s3.seed({ account, region, name: 'keys' });
    const keys = ['a', 'a/b c', ' lead', 'trail ', 'ü+&%2F', '\u{1f600}/<x>', 'dots/../x', '//x'];
    for (const key of keys) await put('keys', key, `of ${key}`);
    for (const Key of keys) {
      const object = await s3.send(new GetObjectCommand({ Bucket: 'keys', Key }));
      expect(await object.Body?.transformToString()).toBe(`of ${Key}`);
    }
    const { Contents } = await s3.send(
      new ListObjectsV2Command({ Bucket: 'keys', EncodingType: 'url' }),
    );
    const listed = Contents?.map((c) => decodeURIComponent((c.Key ?? '').replaceAll('+', ' ')));
    expect(listed?.sort()).toEqual([...keys].sort());
    await s3.send(
      new DeleteObjectsCommand({
        Bucket: 'keys',
        Delete: { Objects: keys.map((Key) => ({ Key })) },
      }),
    );
    expect(sandbox.services.s3.contents('keys')).toEqual({ versions: 0, uploads: 0 });
  });

  test('in a versioned bucket is hidden by a delete, and its versions stay', async () => {
    sandbox.services.s3.seed({ account, region, name: 'history', versioning: 'Enabled' });
    const first = await put('history', 'k', 'one');
    const second = await put('history', 'k', 'two');
    const marker = await s3.send(new DeleteObjectCommand({ Bucket: 'history', Key: 'k' }));
    expect(marker.DeleteMarker).toBe(true);
    await expect(
      s3.send(new GetObjectCommand({ Bucket: 'history', Key: 'k' })),
    ).rejects.toMatchObject({ name: 'NoSuchKey' });
    const old = await s3.send(
      new GetObjectCommand({ Bucket: 'history', Key: 'k', VersionId: first.VersionId }),
    );
    expect(await old.Body?.transformToString()).toBe('one');
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: 'history' }));
    expect(page.DeleteMarkers).toMatchObject([{ VersionId: marker.VersionId, IsLatest: true }]);
    expect(page.Versions).toMatchObject([
      { VersionId: second.VersionId, IsLatest: false },
      { VersionId: first.VersionId, IsLatest: false },
    ]);
    await s3.send(
      new DeleteObjectCommand({ Bucket: 'history', Key: 'k', VersionId: marker.VersionId }),
    );
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'history', Key: 'k' }));
    expect(head).toMatchObject({ VersionId: second.VersionId, ContentLength: 3 });
  });

  test('under a legal hold is not deleted until the hold is lifted', async () => {
    sandbox.services.s3.seed({ account, region, name: 'held', objects: 3, locked: 1 });
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: 'held' }));
    const Objects = (page.Versions ?? []).map(({ Key, VersionId }) => ({ Key, VersionId }));
    const command = new DeleteObjectsCommand({ Bucket: 'held', Delete: { Objects, Quiet: true } });
    expect((await s3.send(command)).Errors).toMatchObject([
      { ...Objects[0], Code: 'AccessDenied' },
    ]);
    const LegalHold = { Status: 'OFF' } as const;
    await s3.send(new PutObjectLegalHoldCommand({ Bucket: 'held', ...Objects[0]!, LegalHold }));
    expect((await s3.send(command)).Errors).toBeUndefined();
    await s3.send(new DeleteBucketCommand({ Bucket: 'held' }));
  });
});

describe('ListObjectsV2', () => {
  test('pages by a thousand through the newest versions that are no delete markers', async () => {
    const seed = { objects: 2500, versions: 6000, deleteMarkers: 400, prefixes: 3 };
    sandbox.services.s3.seed({ account, region, name: 'newest', ...seed });
    const pages: number[] = [];
    for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: 'newest' }))
      pages.push(page.KeyCount ?? 0);
    expect(pages).toEqual([1000, 1000, 100]);
    const folders = await s3.send(new ListObjectsV2Command({ Bucket: 'newest', Delimiter: '/' }));
    expect(folders.CommonPrefixes?.map((p) => p.Prefix)).toEqual(['p0000/', 'p0001/', 'p0002/']);
    const one = await s3.send(
      new ListObjectsV2Command({ Bucket: 'newest', Prefix: 'p0001/', MaxKeys: 2 }),
    );
    expect(one).toMatchObject({ KeyCount: 2, IsTruncated: true });
    expect(one.Contents?.every((c) => c.Key?.startsWith('p0001/'))).toBe(true);
  });
});

describe('ListObjectVersions', () => {
  test('gives every version and delete marker once, by key and newest first, a thousand a page', async () => {
    const seed = { objects: 700, versions: 2600, deleteMarkers: 150, prefixes: 4 };
    sandbox.services.s3.seed({ account, region, name: 'all', ...seed });
    const seen: { Key?: string; VersionId?: string; IsLatest?: boolean }[] = [];
    const pages: number[] = [];
    let markers = {};
    for (let isTruncated = true; isTruncated;) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket: 'all', ...markers }));
      const rows = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      pages.push(rows.length);
      seen.push(...rows);
      markers = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
      isTruncated = page.IsTruncated ?? false;
    }
    expect(pages).toEqual([1000, 1000, 750]);
    expect(new Set(seen.map((v) => `${v.Key} ${v.VersionId}`)).size).toBe(2750);
    expect(seen.filter((v) => v.IsLatest)).toHaveLength(700);
  });
});

describe('DeleteObjects', () => {
  const names = (count: number) => Array.from({ length: count }, (_, i) => ({ Key: `k${i}` }));

  test('takes a thousand keys, and no more', async () => {
    sandbox.services.s3.seed({ account, region, name: 'thousand' });
    const send = (count: number) =>
      s3.send(new DeleteObjectsCommand({ Bucket: 'thousand', Delete: { Objects: names(count) } }));
    expect((await send(1000)).Deleted).toHaveLength(1000);
    await expect(send(1001)).rejects.toMatchObject({ name: 'MalformedXML' });
    await expect(send(0)).rejects.toMatchObject({ name: 'MalformedXML' });
  });

  test('tells of keys that failed inside a 200', async () => {
    const faulty = await startTestSandbox();
    try {
      faulty.services.s3.seed({ account, region, name: 'faulty', objects: 1000 });
      faulty.services.s3.setFaults({ keyErrorShare: 0.2 });
      const client = faulty.s3();
      const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'faulty' }));
      const Objects = (Contents ?? []).map(({ Key }) => ({ Key }));
      const result = await client.send(
        new DeleteObjectsCommand({ Bucket: 'faulty', Delete: { Objects } }),
      );
      expect(result.$metadata.httpStatusCode).toBe(200);
      const failed = result.Errors?.length ?? 0;
      expect(failed).toBeGreaterThan(100);
      expect(failed).toBeLessThan(300);
      expect(result.Errors?.[0]?.Code).toBe('InternalError');
      expect(faulty.services.s3.contents('faulty')).toEqual({ versions: failed, uploads: 0 });
    } finally {
      await faulty.close();
    }
  });

  test('needs a checksum, and one that is right', async () => {
    sandbox.services.s3.seed({ account, region, name: 'checked' });
    const body = '<Delete><Object><Key>k</Key></Object></Delete>';
    const send = (headers: Record<string, string>) =>
      fetch(`${sandbox.url}/checked?delete`, {
        method: 'POST',
        body,
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=${account}/20250101/${region}/s3/aws4_request`,
          ...headers,
        },
      });
    const without = await send({});
    expect(without.status).toBe(400);
    expect(await without.text()).toContain('InvalidRequest');
    expect(await (await send({ 'content-md5': 'AAAA' })).text()).toContain('BadDigest');
    expect((await send({ 'x-amz-checksum-crc32': 'AAAA' })).status).toBe(400);
    const md5 = createHash('md5').update(body).digest('base64');
    expect((await send({ 'content-md5': md5 })).status).toBe(200);
  });

  test('is slowed down over the quota of a prefix, with no effect', async () => {
    const slow = await startTestSandbox({ s3: { deletesPerSecond: 1 } });
    try {
      slow.services.s3.seed({ account, region, name: 'slow', objects: 3 });
      const client = slow.s3();
      const send = () =>
        client.send(new DeleteObjectsCommand({ Bucket: 'slow', Delete: { Objects: names(1000) } }));
      await send();
      const key = 'object-000000000';
      const refusal = { name: 'SlowDown', $metadata: { httpStatusCode: 503 } };
      await expect(send()).rejects.toMatchObject(refusal);
      const one = new DeleteObjectCommand({ Bucket: 'slow', Key: key });
      await expect(client.send(one)).rejects.toMatchObject(refusal);
      expect(slow.services.s3.contents('slow')).toEqual({ versions: 3, uploads: 0 });
    } finally {
      await slow.close();
    }
  });
});

describe('a multipart upload', () => {
  test('is begun, listed, aborted once, and keeps its bucket from being deleted', async () => {
    sandbox.services.s3.seed({ account, region, name: 'uploading' });
    const Bucket = 'uploading';
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big' }));
    await s3.send(
      new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber: 1, Body: 'part' }),
    );
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    expect(Uploads).toMatchObject([{ Key: 'big', UploadId }]);
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({
      name: 'BucketNotEmpty',
    });
    const abort = () => s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'big', UploadId }));
    await abort();
    await expect(abort()).rejects.toMatchObject({ name: 'NoSuchUpload' });
    await s3.send(new DeleteBucketCommand({ Bucket }));
  });

  test('is listed with others, a thousand a page', async () => {
    sandbox.services.s3.seed({ account, region, name: 'uploads', uploads: 2200 });
    const pages: number[] = [];
    let markers = {};
    for (let isTruncated = true; isTruncated;) {
      const page = await s3.send(
        new ListMultipartUploadsCommand({ Bucket: 'uploads', ...markers }),
      );
      pages.push(page.Uploads?.length ?? 0);
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      isTruncated = page.IsTruncated ?? false;
    }
    expect(pages).toEqual([1000, 1000, 200]);
  });
});

describe('the sandbox itself', () => {
  test('holds 50 million versions as cheaply as ten', async () => {
    const before = process.memoryUsage().heapUsed;
    sandbox.services.s3.seed({ account, region, name: 'huge', versions: 50_000_000, prefixes: 9 });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
    const KeyMarker = 'p0004/';
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: 'huge', KeyMarker }));
    expect(page.Versions).toHaveLength(1000);
    expect(page.Versions?.[0]?.Key?.startsWith('p0004/')).toBe(true);
  });

  test('refuses a seed that contradicts itself', () => {
    const seed = (rest: object) =>
      sandbox.services.s3.seed({ account, region, name: `odd-${Math.random()}`, ...rest });
    expect(() => seed({ objects: 5, versions: 4 })).toThrow(/objects must be/);
    expect(() => seed({ objects: 5, deleteMarkers: 6 })).toThrow(/deleteMarkers must be/);
    expect(() => seed({ createdAt: 'yesterday' })).toThrow(/createdAt is no time/);
  });
});
