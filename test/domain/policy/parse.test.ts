import { describe, expect, test } from 'vitest';
import { InvalidInputError } from '../../../src/domain/errors.js';
import { parsePolicies, policySchema } from '../../../src/domain/policy/index.js';
import { issuesOf, parsePolicy, policyIssues } from './policies.js';

describe('a document', () => {
  test('gives its policies, with what it says nothing of at its default', () => {
    expect(parsePolicy({ description: 'Old ones', filters: [{ 'tag:x': 'y' }] })).toEqual({
      name: 'old-stacks',
      resource: 'stack',
      description: 'Old ones',
      filters: [{ kind: 'value', key: 'tag:x', value: 'y' }],
      action: { type: 'delete', force: false, removeContents: true },
      options: {
        passes: 4,
        after: [],
        terminationProtection: 'skip',
        nonEmptyBuckets: 'fail',
        lastResort: 'none',
      },
      source: 'test.yml',
    });
  });

  test('gives policies that survive being sent as JSON', () => {
    const policy = parsePolicy({
      filters: [
        { or: [{ StackStatus: 'X' }, { not: [{ Description: null }] }] },
        { type: 'value', key: 'CreationTime', value_type: 'age', op: 'ge', value: 1.5 },
        { type: 'marked-for-op', op: 'delete' },
      ],
      'max-resources': { amount: 5, percent: 10, op: 'and' },
    });
    expect(policySchema.parse(JSON.parse(JSON.stringify(policy)))).toEqual(policy);
  });

  test('is refused with everything that is wrong in it, each with its path and policy', () => {
    const document = {
      policies: [
        { name: 'one', resource: 'aws.ec2', actions: ['delete'] },
        {
          name: 'two',
          resource: 'cfn',
          filters: [{ type: 'offhour' }, { or: [{ StackNmae: 'x' }] }],
          actions: [{ type: 'notify' }],
          conditions: [],
        },
      ],
      extra: 1,
    };
    expect(issuesOf(document)).toEqual([
      'extra: a policy file has no key `extra`; there are policies, vars',
      expect.stringMatching(
        /^policies\[0\]\.resource: policy one: "aws.ec2" is not allowed: must be one of aws\.cfn, cfn/,
      ),
      expect.stringMatching(
        /^policies\[1\]\.conditions: policy two: `conditions` isn't supported by Nightshift/,
      ),
      expect.stringMatching(
        /^policies\[1\]\.filters\[0\]\.type: policy two: filter type `offhour` isn't supported by Nightshift.*see docs\/policies\.md$/,
      ),
      expect.stringMatching(
        /^policies\[1\]\.filters\[1\]\.or\[0\]\.StackNmae: policy two: aws\.cfn has no field `StackNmae`.*did you mean StackName\?/,
      ),
      expect.stringMatching(
        /^policies\[1\]\.actions\[0\]\.type: policy two: action type `notify` isn't supported/,
      ),
    ]);
  });

  test('names its file in every issue', () => {
    expect.assertions(1);
    try {
      parsePolicies({ policies: [{}] }, 'policies/a.yml');
    } catch (error) {
      if (error instanceof InvalidInputError) {
        expect(new Set(error.issues.map(({ source }) => source))).toEqual(
          new Set(['policies/a.yml']),
        );
      }
    }
  });

  test.each([
    ['text', 'x'],
    ['a list', []],
    ['nothing', null],
    ['no policies', {}],
    ['policies that are no list', { policies: { name: 'x' } }],
    ['a policy that is no mapping', { policies: ['x'] }],
  ])('that is %s is refused', (_, document) => {
    expect(issuesOf(document)).toHaveLength(1);
  });

  test('may hold vars, comments and metadata of others, which change nothing', () => {
    const plain = parsePolicy({});
    const dressed = parsePolicy({
      title: 't',
      comment: 'c',
      comments: 'cs',
      tags: ['nightly'],
      metadata: { owner: 'platform' },
      source: 'describe',
      mode: { type: 'pull' },
      filters: null,
    });
    expect(dressed).toEqual(plain);
    expect(issuesOf({ vars: { a: 1 }, policies: [] })).toEqual([]);
  });

  test('may use a name once', () => {
    const policy = { name: 'twice', resource: 'cfn', actions: ['delete'] };
    expect(issuesOf({ policies: [policy, policy] })).toEqual([
      'policies[1].name: the name twice is used twice; each name may be used once',
    ]);
  });
});

describe('a policy', () => {
  test.each([
    ['aws.cfn', 'stack'],
    ['cfn', 'stack'],
    ['aws.s3', 'bucket'],
    ['s3', 'bucket'],
    ['aws.rds-snapshot', 'rds-snapshot'],
    ['rds-snapshot', 'rds-snapshot'],
  ])('of %s selects a %s', (resource, kind) => {
    expect(parsePolicy({ resource }).resource).toBe(kind);
  });

  test.each([
    [{ name: 'two words' }, 'name'],
    [{ name: 7 }, 'name'],
    [{ resource: ['aws.cfn'] }, 'resource'],
    [{ mode: { type: 'periodic', schedule: 'rate(1 day)' } }, 'mode'],
    [{ region: 'us-east-1' }, 'region'],
    [{ start: '2024-01-01' }, 'start'],
    [{ end: '2024-01-01' }, 'end'],
    [{ tz: 'utc' }, 'tz'],
    [{ conditions: [] }, 'conditions'],
    [{ query: [{ StackName: 'x' }] }, 'query[0]'],
    [{ source: 'config' }, 'source'],
    [{ nonsense: 1 }, 'nonsense'],
    [{ 'max-resources': 0 }, 'max-resources'],
    [{ 'max-resources-percent': 101 }, 'max-resources-percent'],
    [{ 'max-resources': { amount: 1, least: 2 } }, 'max-resources.least'],
    [{ filters: { StackName: 'x' } }, 'filters'],
    [{ description: 5 }, 'description'],
  ])('%j is refused by name', (over, path) => {
    const issues = policyIssues(over);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatch(new RegExp(`^policies\\[0\\]\\.${path.replace(/[[\]]/g, '\\$&')}: `));
  });

  test('of buckets may say which of their documents to fetch', () => {
    expect(policyIssues({ resource: 's3', query: [{ 'augment-keys': 'detect' }] })).toEqual([]);
  });

  test('keeps limits on what it selects', () => {
    expect(parsePolicy({ 'max-resources': 5 }).limits).toEqual({ amount: 5, op: 'or' });
    expect(parsePolicy({ 'max-resources-percent': 10 }).limits).toEqual({ percent: 10, op: 'or' });
    expect(parsePolicy({}).limits).toBeUndefined();
  });
});

describe('actions', () => {
  test.each([
    [undefined],
    [null],
    [[]],
    [['delete', 'delete']],
    [['notify']],
    [[{ type: 'tag' }]],
    ['delete'],
  ])('%j is refused: there must be one delete', (actions) => {
    expect(policyIssues({ actions })).not.toEqual([]);
  });

  test('take the options that Custodian has for the resource', () => {
    expect(parsePolicy({ actions: [{ type: 'delete', force: true }] }).action.force).toBe(true);
    const kept = parsePolicy({
      resource: 's3',
      actions: [{ type: 'delete', 'remove-contents': false }],
    });
    expect(kept.action.removeContents).toBe(false);
    expect(
      policyIssues({ resource: 's3', actions: [{ type: 'delete', force: true }] }),
    ).toHaveLength(1);
    expect(policyIssues({ actions: [{ type: 'delete', 'remove-contents': true }] })).toHaveLength(
      1,
    );
    expect(
      policyIssues({ resource: 'rds-snapshot', actions: [{ type: 'delete', force: true }] }),
    ).toHaveLength(1);
  });
});
