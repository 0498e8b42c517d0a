import { describe, expect, test } from 'vitest';
import { passRules, policyOrder } from '../../../src/domain/cleanup/rules.js';
import type { TargetSpec } from '../../../src/domain/cleanup/spec.js';
import { configSchema } from '../../../src/domain/config/index.js';
import { type Policy, parsePolicies } from '../../../src/domain/policy/index.js';

const config = configSchema.parse({
  accounts: { list: [{ id: '111111111111', name: 'dev-1' }] },
  regions: ['us-east-1'],
  policies: ['inline'],
});

function policy(nightshift: object, more: object = {}): Policy {
  const document = {
    ...{ name: 'stacks', resource: 'aws.cfn', actions: ['delete'] },
    ...{ filters: [{ 'tag:ephemeral': 'true' }], metadata: { nightshift } },
    ...more,
  };
  return parsePolicies({ policies: [document] }, 'inline')[0]!;
}

const spec: TargetSpec = {
  mode: 'run',
  target: { account: { id: '111111111111', name: 'dev-1' }, region: 'us-east-1' },
  settings: {
    access: { sessionName: 'nightshift' },
    pace: config.pace,
    rails: config.rails,
    cleanup: { ...config.cleanup, newStacks: 'next-pass' },
  },
  policies: [],
  run: { workflowId: 'cleanup', runId: 'run-1' },
  certain: true,
  planIsLimit: false,
};

describe("a policy's rules", () => {
  test('are what it says of passes, protection, buckets and the last resort', () => {
    const options = {
      ...{ passes: 2, terminationProtection: 'disable' },
      ...{ nonEmptyBuckets: 'retain', lastResort: 'force', newStacks: 'leave' },
    };
    expect(passRules(policy(options), spec)).toEqual(options);
  });

  test('where it is silent on new stacks, the run decides; a plan that is the limit, above both', () => {
    expect(passRules(policy({}), spec).newStacks).toBe('next-pass');
    const bold = policy({ newStacks: 'next-pass' });
    expect(passRules(bold, { ...spec, planIsLimit: true }).newStacks).toBe('leave');
  });

  test("the role to delete with is the account's own", () => {
    const deleteRole = 'arn:aws:iam::{accountId}:role/cleaner';
    expect(passRules(policy({ deleteRole }), spec).deleteRoleArn).toBe(
      'arn:aws:iam::111111111111:role/cleaner',
    );
  });

  test('a bucket policy empties buckets if its action says so', () => {
    const bucket = (action: object) =>
      passRules(policy({}, { resource: 'aws.s3', actions: [{ type: 'delete', ...action }] }), spec);
    expect(bucket({ 'remove-contents': true }).nonEmptyBuckets).toBe('empty');
    expect(bucket({ 'remove-contents': false }).nonEmptyBuckets).toBe('fail');
  });
});

describe('the order of policies', () => {
  const named = (name: string, after: string[] = []) => ({
    ...policy({}),
    name,
    options: { ...policy({}).options, after },
  });

  test('is what each is after, and what those are after in turn', () => {
    const order = policyOrder([
      named('stacks', ['buckets', 'snapshots']),
      named('buckets', ['logs']),
      named('snapshots'),
      named('logs'),
    ]);
    expect(order.get('stacks')!.toSorted()).toEqual(['buckets', 'logs', 'snapshots']);
    expect(order.get('buckets')).toEqual(['logs']);
    expect(order.get('logs')).toEqual([]);
  });

  test('ends where policies are after one another', () => {
    const order = policyOrder([named('a', ['b']), named('b', ['a'])]);
    expect(order.get('a')!.toSorted()).toEqual(['a', 'b']);
  });
});
