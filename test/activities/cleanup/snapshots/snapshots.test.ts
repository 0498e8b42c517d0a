import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  deleteSnapshot,
  listSnapshots,
  type SnapshotResource,
} from '../../../../src/activities/cleanup/snapshots/index.js';
import {
  account,
  region,
  startTestSandbox,
  stranger,
  type TestSandbox,
} from '../../../../sandbox/s3/testing.js';

let sandbox: TestSandbox;
const signal = new AbortController().signal;
const createdAt = '2025-03-01T12:30:00.000Z';

beforeAll(async () => {
  sandbox = await startTestSandbox();
});
beforeEach(() => {
  sandbox.faults.set([]);
});
afterAll(() => sandbox.close());

const seed = (id: string, more: object = {}) =>
  sandbox.services.rds.seed({ account, region, id, createdAt, ...more });
const remove = (id: string) => deleteSnapshot({ rds: sandbox.rds(), id, signal });
const ids = () => sandbox.services.rds.snapshotIds(account, region);

async function list(pageSize?: number) {
  const snapshots: SnapshotResource[] = [];
  const pages: number[] = [];
  const request = { rds: sandbox.rds(), signal, ...(pageSize === undefined ? {} : { pageSize }) };
  for await (const page of listSnapshots(request)) {
    pages.push(page.length);
    snapshots.push(...page);
  }
  return { snapshots, pages };
}

describe('the snapshots of a region', () => {
  test('have the shape of Custodian’s resources, and are the account’s own', async () => {
    seed('one', { tags: { ephemeral: 'true' }, instance: 'orders', allocatedStorage: 50 });
    seed('rds:auto', { type: 'automated' });
    seed('lent', { account: stranger, sharedWith: [account] });
    const { snapshots } = await list();
    expect(snapshots.map((s) => [s.DBSnapshotIdentifier, s.SnapshotType, s.Tags])).toEqual([
      ['one', 'manual', [{ Key: 'ephemeral', Value: 'true' }]],
      ['rds:auto', 'automated', []],
    ]);
    expect(snapshots[0]).toMatchObject({
      DBSnapshotArn: `arn:aws:rds:${region}:${account}:snapshot:one`,
      SnapshotCreateTime: createdAt,
      DBInstanceIdentifier: 'orders',
      AllocatedStorage: 50,
      Encrypted: true,
      Status: 'available',
    });
    expect(snapshots[0]).not.toHaveProperty('TagList');
  });

  test('come page after page', async () => {
    for (let index = 0; index < 45; index++) seed(`many-${index}`);
    const before = ids().length;
    const { snapshots, pages } = await list(20);
    expect(pages).toEqual([20, 20, before - 40]);
    expect(new Set(snapshots.map((s) => s.DBSnapshotIdentifier)).size).toBe(before);
  });
});

describe('a delete', () => {
  test('deletes a manual snapshot, and finds it gone the next time', async () => {
    seed('old');
    expect(await remove('old')).toEqual({ kind: 'deleted' });
    expect(ids()).not.toContain('old');
    expect(await remove('old')).toEqual({ kind: 'gone' });
  });

  test('DeleteDBSnapshot needs status available', async () => {
    seed('young', { status: 'creating' });
    expect(await remove('young')).toEqual({ kind: 'not-available', status: 'creating' });
    expect(ids()).toContain('young');
  });

  test('Automated snapshots can’t be deleted', async () => {
    seed('rds:nightly', { type: 'automated' });
    expect(await remove('rds:nightly')).toEqual({ kind: 'automated', type: 'automated' });
    expect(ids()).toContain('rds:nightly');
  });

  test('shared-in snapshots fail', async () => {
    const { arn } = seed('theirs', { account: stranger, sharedWith: [account] });
    const before = sandbox.ledger.size;
    expect(await remove(arn)).toEqual({ kind: 'shared' });
    expect(sandbox.ledger.size).toBe(before);
    expect(sandbox.services.rds.snapshotIds(stranger, region)).toContain('theirs');
  });

  test('that is denied is refused with AWS’s words, and one that is throttled is thrown', async () => {
    seed('guarded');
    sandbox.faults.set([{ kind: 'denyActions', service: 'rds', actions: ['DeleteDBSnapshot'] }]);
    expect(await remove('guarded')).toMatchObject({ kind: 'refused', code: 'AccessDenied' });
    sandbox.faults.set([{ kind: 'throttle', service: 'rds', share: 1 }]);
    await expect(remove('guarded')).rejects.toMatchObject({ name: 'Throttling' });
    expect(ids()).toContain('guarded');
  });
});
