import {
  AddTagsToResourceCommand,
  DeleteDBSnapshotCommand,
  DescribeDBSnapshotsCommand,
  ListTagsForResourceCommand,
  paginateDescribeDBSnapshots,
  type RDSClient,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, region, startTestSandbox, stranger, type TestSandbox } from '../s3/testing.js';

let sandbox: TestSandbox;
let rds: RDSClient;
beforeAll(async () => {
  sandbox = await startTestSandbox({}, 1e-6);
  rds = sandbox.rds();
});
afterAll(() => sandbox.close());

const remove = (DBSnapshotIdentifier: string) =>
  rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier }));

describe('DescribeDBSnapshots', () => {
  test('pages through the snapshots of an account and region', async () => {
    const own = '333333333333';
    const fleet = { accounts: [{ id: own, name: 'many' }] };
    const many = await startTestSandbox(fleet);
    try {
      for (let index = 0; index < 45; index++)
        many.services.rds.seed({
          account: own,
          region,
          id: `snap-${index}`,
          tags: { n: `${index}` },
        });
      many.services.rds.seed({ account: own, region: 'us-east-1', id: 'elsewhere' });
      const pages: number[] = [];
      const ids = new Set<string>();
      for await (const page of paginateDescribeDBSnapshots(
        { client: many.rds({ account: own }), pageSize: 20 },
        {},
      )) {
        pages.push(page.DBSnapshots?.length ?? 0);
        for (const snapshot of page.DBSnapshots ?? []) ids.add(snapshot.DBSnapshotIdentifier ?? '');
      }
      expect(pages).toEqual([20, 20, 5]);
      expect(ids.size).toBe(45);
      await expect(
        many.rds({ account: own }).send(new DescribeDBSnapshotsCommand({ MaxRecords: 10 })),
      ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    } finally {
      await many.close();
    }
  });

  test('shows what other accounts share only when asked for it', async () => {
    sandbox.services.rds.seed({ account, region, id: 'mine', createdAt: '2025-01-02T03:04:05Z' });
    sandbox.services.rds.seed({ account, region, id: 'rds:auto-1', type: 'automated' });
    const theirs = { account: stranger, region, tags: { secret: 'yes' } };
    sandbox.services.rds.seed({ ...theirs, id: 'lent', sharedWith: [account] });
    sandbox.services.rds.seed({ ...theirs, id: 'open', sharedWith: ['all'] });
    sandbox.services.rds.seed({ ...theirs, id: 'private' });
    const types = async (input: object) => {
      const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand(input));
      return DBSnapshots?.map((s) => `${s.SnapshotType} ${s.DBSnapshotIdentifier}`).sort();
    };
    const lent = `shared arn:aws:rds:${region}:${stranger}:snapshot:lent`;
    const open = `public arn:aws:rds:${region}:${stranger}:snapshot:open`;
    expect(await types({})).toEqual(['automated rds:auto-1', 'manual mine']);
    expect(await types({ SnapshotType: 'manual' })).toEqual(['manual mine']);
    expect(await types({ SnapshotType: 'shared' })).toEqual([lent]);
    expect(await types({ IncludeShared: true, IncludePublic: true })).toEqual([
      'automated rds:auto-1',
      'manual mine',
      open,
      lent,
    ]);
    const engines = { Filters: [{ Name: 'engine', Values: ['mysql'] }] };
    expect(await types(engines)).toEqual([]);
    const shared = await rds.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'shared' }));
    expect(shared.DBSnapshots?.[0]?.TagList ?? []).toEqual([]);
    const mine = await rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'MINE' }));
    expect(mine.DBSnapshots?.[0]?.SnapshotCreateTime).toEqual(new Date('2025-01-02T03:04:05Z'));
    await expect(
      rds.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: 'nope' })),
    ).rejects.toMatchObject({ name: 'DBSnapshotNotFoundFault' });
  });
});

describe('DeleteDBSnapshot', () => {
  test('deletes an available manual snapshot, once', async () => {
    sandbox.services.rds.seed({ account, region, id: 'old' });
    expect((await remove('OLD')).DBSnapshot?.Status).toBe('deleted');
    await expect(remove('old')).rejects.toMatchObject({ name: 'DBSnapshotNotFoundFault' });
  });

  test('refuses one that is not available yet', async () => {
    sandbox.services.rds.seed({
      account,
      region,
      id: 'young',
      status: 'creating',
      availableAfter: 300,
    });
    await expect(remove('young')).rejects.toMatchObject({ name: 'InvalidDBSnapshotStateFault' });
    const status = async () => {
      const input = { DBSnapshotIdentifier: 'young' };
      const { DBSnapshots } = await rds.send(new DescribeDBSnapshotsCommand(input));
      return DBSnapshots?.[0]?.Status;
    };
    expect(await status()).toBe('creating');
    sandbox.clock.skip(300);
    expect(await status()).toBe('available');
    await remove('young');
  });

  test('refuses automated snapshots, and those of other accounts', async () => {
    sandbox.services.rds.seed({ account, region, id: 'rds:auto-2', type: 'automated' });
    sandbox.services.rds.seed({ account, region, id: 'borrowed', type: 'shared' });
    await expect(remove('rds:auto-2')).rejects.toThrow('automated snapshots cannot be deleted.');
    await expect(remove('borrowed')).rejects.toMatchObject({ name: 'DBSnapshotNotFoundFault' });
    const { DBSnapshots } = await rds.send(
      new DescribeDBSnapshotsCommand({ SnapshotType: 'shared' }),
    );
    const borrowed = DBSnapshots?.find((s) => s.DBSnapshotArn?.endsWith(':borrowed'));
    await expect(remove(borrowed?.DBSnapshotIdentifier ?? '')).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
    expect(sandbox.services.rds.snapshotIds(account, region)).toContain('rds:auto-2');
  });
});

describe('tags of a snapshot', () => {
  test('are added and listed by its ARN', async () => {
    const { arn } = sandbox.services.rds.seed({ account, region, id: 'tagged', tags: { a: '1' } });
    const Tags = [
      { Key: 'a', Value: '2' },
      { Key: 'b', Value: '<&>' },
    ];
    await rds.send(new AddTagsToResourceCommand({ ResourceName: arn, Tags }));
    const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName: arn }));
    expect(TagList).toEqual(Tags);
    await expect(
      sandbox
        .rds({ account: stranger })
        .send(new ListTagsForResourceCommand({ ResourceName: arn })),
    ).rejects.toMatchObject({ name: 'DBSnapshotNotFoundFault' });
  });
});
