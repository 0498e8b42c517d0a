import { ListObjectVersionsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, test } from 'vitest';
import {
  emptyBucket,
  type EmptyBucketProgress,
} from '../../../../src/activities/cleanup/buckets/index.js';
import {
  account,
  region,
  startTestSandbox,
  stranger,
  type TestSandbox,
} from '../../../../sandbox/s3/testing.js';
import { until } from '../../../support/temporal/until.js';
import { requestFor, seedBucket, writing } from './support.js';

let sandbox: TestSandbox;
const start = async (...args: Parameters<typeof startTestSandbox>) =>
  (sandbox = await startTestSandbox(...args));
afterEach(() => sandbox.close());

const unlimited = { s3: { deletesPerSecond: 1e9 } };
const contents = (bucket: string) => sandbox.services.s3.contents(bucket);
const calls = (action: string) => sandbox.ledger.entries({ action }).map(({ outcome }) => outcome);

describe('versions and delete markers count, and so do incomplete multipart uploads', () => {
  test('all three are removed, page after page', async () => {
    await start(unlimited);
    seedBucket(sandbox, {
      name: 'full',
      objects: 1500,
      versions: 4200,
      deleteMarkers: 800,
      uploads: 1100,
      prefixes: 3,
    });
    const beats: EmptyBucketProgress[] = [];
    const heartbeat = (progress: EmptyBucketProgress) => beats.push(progress);
    const result = await emptyBucket(requestFor(sandbox.s3(), 'full', { heartbeat }));
    expect(result).toEqual({
      kind: 'empty',
      removed: { versions: 5000, uploads: 1100 },
      sweeps: 3,
    });
    expect(contents('full')).toEqual({ versions: 0, uploads: 0 });
    expect(beats.length).toBeGreaterThan(5);
    expect(beats.at(-1)).toMatchObject({ versions: 5000, uploads: 1100 });
    // 5 pages and 5 batches of the thousands there are; two empty looks.
    expect(calls('DeleteObjects')).toHaveLength(5);
    expect(calls('ListObjectVersions')).toHaveLength(7);
  });

  test('keys of any characters go, those that XML can’t hold one by one', async () => {
    await start(unlimited);
    seedBucket(sandbox, { name: 'odd', versioning: 'Enabled' });
    const s3 = sandbox.s3();
    const keys = [
      'a b+c%2F',
      ' lead and trail ',
      '<&>"\'',
      'ü/\u{1f600}',
      '\u0001\u0002',
      'tab\tcr\r\n',
    ];
    for (const Key of keys) await s3.send(new PutObjectCommand({ Bucket: 'odd', Key, Body: 'x' }));
    const result = await emptyBucket(requestFor(s3, 'odd'));
    expect(result).toMatchObject({ kind: 'empty', removed: { versions: keys.length } });
    expect(contents('odd')).toEqual({ versions: 0, uploads: 0 });
    expect(calls('DeleteObject')).toEqual(['ok']);
  });
});

describe('DeleteObjects returns per-key errors inside a 200', () => {
  test('keys that fail in passing are tried again until they are gone', async () => {
    await start(unlimited);
    seedBucket(sandbox, { name: 'flaky', versions: 3000 });
    sandbox.services.s3.setFaults({ keyErrorShare: 0.3 });
    const result = await emptyBucket(requestFor(sandbox.s3(), 'flaky'));
    expect(result).toMatchObject({ kind: 'empty', removed: { versions: 3000, uploads: 0 } });
    expect(contents('flaky')).toEqual({ versions: 0, uploads: 0 });
  });

  test('keys that can’t go are counted, and the first of them reported with S3’s words', async () => {
    await start(unlimited);
    seedBucket(sandbox, { name: 'held', versions: 2500, locked: 1200 });
    const result = await emptyBucket(requestFor(sandbox.s3(), 'held'));
    if (result.kind !== 'keys-failed') throw new Error(`it ended as ${result.kind}`);
    expect(result).toMatchObject({ failed: 1200, removed: { versions: 1300 } });
    expect(result.failures).toHaveLength(20);
    expect(result.failures[0]).toMatchObject({
      code: 'AccessDenied',
      message: 'Access Denied because object protected by object lock.',
    });
    expect(contents('held')).toEqual({ versions: 1200, uploads: 0 });
  });
});

describe('writers race the emptying', () => {
  test('it looks again until nothing new has come', async () => {
    await start(unlimited);
    seedBucket(sandbox, { name: 'busy', versions: 2000 });
    const heartbeat = writing(sandbox, 'busy', 3);
    const result = await emptyBucket(requestFor(sandbox.s3(), 'busy', { heartbeat }));
    expect(result).toEqual({ kind: 'empty', removed: { versions: 2003, uploads: 0 }, sweeps: 6 });
    expect(contents('busy')).toEqual({ versions: 0, uploads: 0 });
  });

  test('it gives up on one who never stops, and says so', async () => {
    await start(unlimited);
    seedBucket(sandbox, { name: 'endless', versions: 10 });
    const heartbeat = writing(sandbox, 'endless');
    const limits = { maxSweeps: 4 };
    const result = await emptyBucket(requestFor(sandbox.s3(), 'endless', { heartbeat, limits }));
    expect(result).toMatchObject({ kind: 'still-written', sweeps: 4, found: 1 });
  });
});

describe('SlowDown', () => {
  test('lowers the pace, and every version goes all the same', async () => {
    // S3's time stands still until it has refused a call: a slow machine would never come near its limit.
    await start({ s3: { deletesPerSecond: 3500 } }, 1e-6);
    seedBucket(sandbox, { name: 'slow', versions: 20_000 });
    const emptied = emptyBucket(requestFor(sandbox.s3(), 'slow'));
    await until('S3 refuses a call', () => calls('DeleteObjects').includes('SlowDown'));
    expect(calls('DeleteObjects').filter((outcome) => outcome === 'ok')).toHaveLength(3);
    const seconds = setInterval(() => sandbox.clock.skip(1), 100);
    const result = await emptied.finally(() => clearInterval(seconds));
    expect(result).toMatchObject({ kind: 'empty', removed: { versions: 20_000 } });
    expect(contents('slow')).toEqual({ versions: 0, uploads: 0 });
  });

  test('without an end is thrown, so that the activity is tried later', async () => {
    await start({
      faults: [{ kind: 'throttle', service: 's3', actions: ['DeleteObjects'], share: 1 }],
    });
    seedBucket(sandbox, { name: 'stuck', versions: 10 });
    await expect(
      emptyBucket(requestFor(sandbox.s3(), 'stuck', { limits: { attempts: 3 } })),
    ).rejects.toMatchObject({ name: 'SlowDown' });
    expect(calls('DeleteObjects')).toHaveLength(3);
  });

  test('in a tenth of all calls, and lost answers, leave nothing behind', async () => {
    await start({
      ...unlimited,
      seed: 7,
      faults: [
        { kind: 'throttle', service: 's3', share: 0.1 },
        { kind: 'loseResponse', service: 's3', share: 0.05 },
      ],
    });
    seedBucket(sandbox, { name: 'rough', versions: 8000, deleteMarkers: 300, uploads: 50 });
    const s3 = sandbox.s3({ maxAttempts: 10 });
    const result = await emptyBucket(requestFor(s3, 'rough'));
    expect(result).toMatchObject({ kind: 'empty', removed: { versions: 8300, uploads: 50 } });
    expect(contents('rough')).toEqual({ versions: 0, uploads: 0 });
  });
});

describe('an emptying that is cut off', () => {
  test('stops when it is cancelled, and a later one goes on with what is left', async () => {
    await start(unlimited);
    seedBucket(sandbox, { name: 'cut', versions: 20_000 });
    const cancel = new AbortController();
    let last: EmptyBucketProgress = { versions: 0, uploads: 0, sweep: 0 };
    const cut = emptyBucket(
      requestFor(sandbox.s3(), 'cut', {
        signal: cancel.signal,
        heartbeat: (progress) => {
          last = progress;
          if (progress.versions >= 5000) cancel.abort(new Error('worker goes'));
        },
      }),
    );
    await expect(cut).rejects.toThrow('worker goes');
    const left = contents('cut')?.versions ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(15_000);
    const removedBefore = { versions: last.versions, uploads: last.uploads };
    const result = await emptyBucket(requestFor(sandbox.s3(), 'cut', { removedBefore }));
    expect(result.kind).toBe('empty');
    // What was on its way when it was cut off may have gone without being counted.
    expect(result.removed.versions).toBeGreaterThan(removedBefore.versions);
    expect(result.removed.versions).toBeLessThanOrEqual(20_000);
    expect(contents('cut')).toEqual({ versions: 0, uploads: 0 });
  });
});

describe('a bucket that is not ours to empty', () => {
  test('is gone', async () => {
    await start();
    const result = await emptyBucket(requestFor(sandbox.s3(), 'nowhere'));
    expect(result).toMatchObject({ kind: 'gone', removed: { versions: 0, uploads: 0 } });
  });

  test('belongs to another account by now', async () => {
    await start();
    sandbox.services.s3.seed({ account: stranger, region, name: 'moved', versions: 5 });
    const s3 = sandbox.s3({ account: stranger });
    const result = await emptyBucket(requestFor(s3, 'moved', { owner: account }));
    expect(result).toMatchObject({ kind: 'refused', code: 'AccessDenied' });
    expect(contents('moved')?.versions).toBe(5);
  });

  test('may not be listed', async () => {
    await start({
      faults: [{ kind: 'denyActions', service: 's3', actions: ['ListObjectVersions'] }],
    });
    seedBucket(sandbox, { name: 'denied', versions: 5 });
    expect(await emptyBucket(requestFor(sandbox.s3(), 'denied'))).toMatchObject({
      kind: 'refused',
      code: 'AccessDenied',
    });
  });

  test('lies in another region', async () => {
    await start();
    seedBucket(sandbox, { name: 'far', versions: 5 });
    const s3 = sandbox.s3({ region: 'us-east-1' });
    expect(await emptyBucket(requestFor(s3, 'far'))).toMatchObject({
      kind: 'refused',
      code: 'PermanentRedirect',
    });
    const here = new ListObjectVersionsCommand({ Bucket: 'far' });
    expect((await sandbox.s3().send(here)).Versions).toHaveLength(5);
  });
});
