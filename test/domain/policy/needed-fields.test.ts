import { expect, test } from 'vitest';
import { neededFields } from '../../../src/domain/policy/index.js';
import { parsePolicy } from './policies.js';

// What isn't named here isn't fetched: a bucket's tags cost a call each.
test.each([
  ['aws.s3', { 'tag:a:b': 'present' }, ['Tags']],
  ['aws.s3', { type: 'marked-for-op', op: 'delete' }, ['Tags']],
  [
    'aws.s3',
    { not: [{ or: [{ Name: 'x' }, { and: [{ 'length(Tags)': 2 }] }] }] },
    ['Name', 'Tags'],
  ],
  [
    'aws.s3',
    { type: 'value', key: 'Name', value_type: 'expr', value: 'tag:name' },
    ['Name', 'Tags'],
  ],
  ['aws.s3', { type: 'value', key: 'Name', value_path: 'Tags[0].Value' }, ['Name', 'Tags']],
  ['aws.s3', { type: 'value', key: 'tag:{region}', value: 'x' }, ['Tags']],
  ['aws.s3', { type: 'value', value_type: 'resource_count', op: 'gt', value: 1 }, []],
  ['rds-snapshot', { type: 'age', days: 1 }, ['SnapshotCreateTime']],
  [
    'rds-snapshot',
    { type: 'latest' },
    ['DBInstanceIdentifier', 'SnapshotCreateTime', 'SnapshotType'],
  ],
])('for %s, %j reads %j', (resource, filter, fields) => {
  expect([...neededFields(parsePolicy({ resource, filters: [filter] }))].sort()).toEqual(fields);
});
