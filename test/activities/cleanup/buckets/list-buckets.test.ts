import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type BucketField,
  type BucketResource,
  listBuckets,
} from '../../../../src/activities/cleanup/buckets/index.js';
import {
  account,
  region,
  startTestSandbox,
  stranger,
  type TestSandbox,
} from '../../../../sandbox/s3/testing.js';
import { seedBucket } from './support.js';

let sandbox: TestSandbox;
const createdAt = '2025-03-01T12:30:00.000Z';
beforeAll(async () => {
  sandbox = await startTestSandbox();
  seedBucket(sandbox, { name: 'a-tagged', createdAt, tags: { ephemeral: 'true', team: 'x' } });
  seedBucket(sandbox, { name: 'b-plain', createdAt });
  seedBucket(sandbox, { name: 'c-versioned', createdAt, versioning: 'Suspended' });
  sandbox.services.s3.seed({ account, region: 'us-east-1', name: 'd-classic', createdAt });
  sandbox.services.s3.seed({ account: stranger, region, name: 'e-theirs', createdAt });
});
beforeEach(() => {
  sandbox.faults.set([]);
  sandbox.ledger.clear();
});
afterAll(() => sandbox.close());

async function list(fields: BucketField[], where = region, pageSize?: number) {
  const buckets: BucketResource[] = [];
  const pages: number[] = [];
  for await (const page of listBuckets({
    s3: sandbox.s3({ region: where }),
    region: where,
    fields: new Set(fields),
    signal: new AbortController().signal,
    ...(pageSize === undefined ? {} : { pageSize }),
  })) {
    pages.push(page.length);
    buckets.push(...page);
  }
  return { buckets, pages };
}

const Location = { LocationConstraint: region };

describe('the buckets of a region', () => {
  test('have the shape of Custodian’s resources', async () => {
    const { buckets } = await list(['Tags', 'Versioning']);
    expect(buckets).toEqual([
      {
        Name: 'a-tagged',
        CreationDate: createdAt,
        Location,
        Tags: [
          { Key: 'ephemeral', Value: 'true' },
          { Key: 'team', Value: 'x' },
        ],
        Versioning: {},
      },
      { Name: 'b-plain', CreationDate: createdAt, Location, Tags: [], Versioning: {} },
      {
        Name: 'c-versioned',
        CreationDate: createdAt,
        Location,
        Tags: [],
        Versioning: { Status: 'Suspended' },
      },
    ]);
  });

  test('have no location constraint in us-east-1', async () => {
    const { buckets } = await list([], 'us-east-1');
    expect(buckets).toEqual([
      { Name: 'd-classic', CreationDate: createdAt, Location: { LocationConstraint: null } },
    ]);
  });

  test('cost a call a page, when no more than their names is asked for', async () => {
    const { pages } = await list([], region, 2);
    expect(pages).toEqual([2, 1]);
    expect(sandbox.ledger.entries({}).map((call) => call.action)).toEqual([
      'ListBuckets',
      'ListBuckets',
    ]);
  });

  test('tell which calls were denied, and keep the rest', async () => {
    sandbox.faults.set([{ kind: 'denyActions', service: 's3', actions: ['GetBucketTagging'] }]);
    const { buckets } = await list(['Tags', 'Versioning']);
    expect(buckets[0]).toEqual({
      Name: 'a-tagged',
      CreationDate: createdAt,
      Location,
      Versioning: {},
      'c7n:DeniedMethods': ['get_bucket_tagging'],
    });
    expect(buckets).toHaveLength(3);
  });

  test('can’t be told when the list itself is denied', async () => {
    sandbox.faults.set([{ kind: 'denyActions', service: 's3', actions: ['ListBuckets'] }]);
    await expect(list([])).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
