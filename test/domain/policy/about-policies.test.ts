import { describe, expect, test } from 'vitest';
import {
  explain,
  limitRefusal,
  matchesEverything,
  neededFields,
  PolicyEvaluationError,
  selectResources,
} from '../../../src/domain/policy/index.js';
import { parsePolicy } from './policies.js';

const context = {
  now: new Date('2024-06-15T12:00:00Z'),
  accountId: '111111111111',
  region: 'us-east-1',
};
const age = (value: number, op = 'ge') => ({
  type: 'value',
  key: 'CreationTime',
  value_type: 'age',
  op,
  value,
});
const named = (value: string, op: string) => ({ type: 'value', key: 'StackName', op, value });

describe('a policy matches everything', () => {
  test.each([
    ['without filters', []],
    ['when it asks for what every stack has', [{ StackName: 'present' }]],
    ['when its pattern takes every name', [named('.*', 'regex')]],
    ['when its glob takes every name', [named('*', 'glob')]],
    ['when it asks for an age of nothing', [age(0)]],
    ['when a choice has such a part', [{ or: [{ 'tag:x': 'y' }, { StackId: 'not-null' }] }]],
    ['when a choice holds opposites', [{ or: [{ 'tag:x': 'present' }, { 'tag:x': 'absent' }] }]],
    [
      'when a choice holds a filter and its not',
      [{ or: [{ 'tag:x': 'y' }, { not: [{ 'tag:x': 'y' }] }] }],
    ],
    ['when it leaves out what there never is', [{ not: [{ StackName: 'absent' }] }]],
    [
      'when it only counts',
      [{ type: 'value', value_type: 'resource_count', op: 'lt', value: 100 }],
    ],
  ])('%s', (_, filters) => {
    expect(matchesEverything(parsePolicy({ filters }))).toBe(true);
  });

  test.each([
    ['with a tag', [{ 'tag:ephemeral': 'true' }]],
    [
      'with a tag beside a filter that takes all',
      [{ StackName: 'present' }, { 'tag:x': 'present' }],
    ],
    ['with an age', [age(1)]],
    ['with a choice of two', [{ or: [{ 'tag:x': 'y' }, { 'tag:z': 'y' }] }]],
    ['with a not', [{ not: [{ 'tag:keep': 'present' }] }]],
    ['with a pattern', [named('pr-.*', 'regex')]],
    ['with a mark', [{ type: 'marked-for-op', op: 'delete' }]],
  ])('not %s', (_, filters) => {
    expect(matchesEverything(parsePolicy({ filters }))).toBe(false);
  });
});

test('a policy says which fields its filters read', () => {
  const filters = [
    { 'tag:x': 'y' },
    { or: [{ not: [{ 'Parameters[?ParameterKey==`a`].ParameterValue | [0]': 'b' }] }, age(1)] },
    { type: 'value', key: 'StackName', value_type: 'expr', value: 'Description' },
    { type: 'value', key: 'sort_by(Outputs, &OutputKey)[0].OutputKey', value_path: 'ParentId' },
  ];
  expect([...neededFields(parsePolicy({ filters }))].sort()).toEqual([
    'CreationTime',
    'Description',
    'Outputs',
    'Parameters',
    'ParentId',
    'StackName',
    'Tags',
  ]);
  const snapshots = { resource: 'rds-snapshot', filters: ['latest', { type: 'age', days: 1 }] };
  expect([...neededFields(parsePolicy(snapshots))].sort()).toEqual([
    'DBInstanceIdentifier',
    'SnapshotCreateTime',
    'SnapshotType',
  ]);
  expect(neededFields(parsePolicy({ resource: 's3', filters: [{ Name: 'x' }] }))).toEqual(
    new Set(['Name']),
  );
});

describe('explain', () => {
  const policy = parsePolicy({ filters: [{ 'tag:ephemeral': 'true' }, age(1)] });
  const stack = (CreationTime: string, value = 'true') => ({
    StackName: 's',
    CreationTime,
    Tags: [{ Key: 'ephemeral', Value: value }],
  });

  test('names the filter that left a resource out', () => {
    expect(explain(policy, stack('2024-06-01T00:00:00Z'), context)).toEqual({ selected: true });
    expect(explain(policy, stack('2024-06-15T00:00:00Z'), context)).toEqual({
      selected: false,
      path: 'filters[1]',
      filter: 'CreationTime (age) ge 1',
    });
    expect(explain(policy, stack('2024-06-01T00:00:00Z', 'no'), context)).toMatchObject({
      path: 'filters[0]',
      filter: 'tag:ephemeral eq "true"',
    });
  });

  test('looks at a resource among others where a filter does', () => {
    const latest = parsePolicy({ resource: 'rds-snapshot', filters: ['latest'] });
    const snapshots = ['2024-06-01', '2024-06-02'].map((day) => ({
      DBSnapshotIdentifier: day,
      DBInstanceIdentifier: 'db',
      SnapshotCreateTime: `${day}T00:00:00Z`,
    }));
    expect(explain(latest, snapshots[0]!, context).selected).toBe(true);
    expect(explain(latest, snapshots[0]!, context, snapshots).selected).toBe(false);
  });
});

test("limits stop a policy as Custodian's do", () => {
  const refusal = (limits: Record<string, unknown>, selected: number, population: number) =>
    limitRefusal(parsePolicy(limits), { selected, population });
  expect(refusal({}, 1000, 1000)).toBeUndefined();
  expect(refusal({ 'max-resources': 5 }, 5, 10)).toBeUndefined();
  expect(refusal({ 'max-resources': 5 }, 6, 10)).toMatch(
    /old-stacks selects 6 resources, more than max-resources 5/,
  );
  expect(refusal({ 'max-resources-percent': 50 }, 5, 10)).toBeUndefined();
  expect(refusal({ 'max-resources-percent': 50 }, 6, 10)).toMatch(/max-resources-percent 50 of 10/);
  expect(refusal({ 'max-resources-percent': 0 }, 6, 10)).toBeUndefined();
  const both = { 'max-resources': { amount: 5, percent: 50, op: 'and' } };
  expect(refusal(both, 6, 100)).toBeUndefined();
  expect(refusal(both, 6, 10)).toMatch(/max-resources 5 and max-resources-percent 50 of 10/);
});

test('a filter that fails names the policy, the filter and the resource', () => {
  const policy = parsePolicy({ filters: [{ 'length(Description)': 3 }] });
  const select = () => selectResources(policy, [{ StackName: 'bare' }], context);
  expect(select).toThrow(PolicyEvaluationError);
  expect(select).toThrow(
    /policy old-stacks: length\(Description\) eq 3 can't be evaluated for bare: length\(\) takes/,
  );
});

test('variables stand for the account and region of the target', () => {
  const policy = parsePolicy({
    filters: [{ RoleARN: 'arn:{partition}:iam::{account_id}:role/{region}' }],
  });
  const RoleARN = 'arn:aws-cn:iam::222222222222:role/cn-north-1';
  const stacks = [{ StackName: 's', RoleARN }];
  const there = { now: context.now, accountId: '222222222222', region: 'cn-north-1' };
  expect(selectResources(policy, stacks, there)).toEqual(stacks);
  expect(selectResources(policy, stacks, context)).toEqual([]);
});
