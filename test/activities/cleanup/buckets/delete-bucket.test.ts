import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteBucket } from '../../../../src/activities/cleanup/buckets/index.js';
import { startTestSandbox, type TestSandbox } from '../../../../sandbox/s3/testing.js';
import { requestFor, seedBucket, writing } from './support.js';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox({ s3: { deletesPerSecond: 1e9 } });
});
afterAll(() => sandbox.close());

const remove = (bucket: string, emptyFirst = true) =>
  deleteBucket({ ...requestFor(sandbox.s3(), bucket), emptyFirst });
const contents = (bucket: string) => sandbox.services.s3.contents(bucket);

describe('BucketNotEmpty', () => {
  test('is answered by emptying the bucket, where that is wanted', async () => {
    seedBucket(sandbox, { name: 'full', objects: 10, versions: 2000, uploads: 5 });
    expect(await remove('full')).toEqual({
      kind: 'deleted',
      removed: { versions: 2000, uploads: 5 },
    });
    expect(contents('full')).toBeUndefined();
  });

  test('is the outcome, where the bucket must be left as it is', async () => {
    seedBucket(sandbox, { name: 'kept', uploads: 1 });
    expect(await remove('kept', false)).toEqual({
      kind: 'not-empty',
      message: 'The bucket you tried to delete is not empty',
      removed: { versions: 0, uploads: 0 },
    });
    expect(contents('kept')).toEqual({ versions: 0, uploads: 1 });
  });

  test('stays when some of the versions can’t go, and says which', async () => {
    seedBucket(sandbox, { name: 'held', versions: 10, locked: 2 });
    const result = await remove('held');
    expect(result).toMatchObject({
      kind: 'not-empty',
      because: { kind: 'keys-failed', failed: 2, failures: [{ code: 'AccessDenied' }, {}] },
      removed: { versions: 8 },
    });
  });
});

describe('a bucket', () => {
  test('that is empty takes one call', async () => {
    seedBucket(sandbox, { name: 'empty' });
    const before = sandbox.ledger.size;
    expect(await remove('empty')).toMatchObject({ kind: 'deleted' });
    expect(sandbox.ledger.size - before).toBe(1);
  });

  test('that is missing counts as deleted', async () => {
    expect(await remove('missing')).toMatchObject({ kind: 'gone' });
  });

  test('that may not be deleted is refused with S3’s words', async () => {
    seedBucket(sandbox, { name: 'guarded' });
    sandbox.faults.set([{ kind: 'denyActions', service: 's3', actions: ['DeleteBucket'] }]);
    try {
      expect(await remove('guarded')).toMatchObject({ kind: 'refused', code: 'AccessDenied' });
    } finally {
      sandbox.faults.set([]);
    }
    expect(contents('guarded')).toBeDefined();
  });

  test('that someone never stops writing to is left, with that reason', async () => {
    seedBucket(sandbox, { name: 'endless', versions: 10 });
    const heartbeat = writing(sandbox, 'endless');
    const request = requestFor(sandbox.s3(), 'endless', { heartbeat, limits: { maxSweeps: 3 } });
    expect(await deleteBucket({ ...request, emptyFirst: true })).toMatchObject({
      kind: 'not-empty',
      because: { kind: 'still-written' },
    });
  });
});
