import { describe, expect, test } from 'vitest';
import { runPlanHash, targetPlanHash } from '../../../src/domain/cleanup/plan-hash.js';
import type { PlanItem } from '../../../src/domain/cleanup/plan.js';
import { idOf, planned, reference } from './samples.js';

const target = { account: { id: '111111111111', name: 'dev-1' }, region: 'us-east-1' };
const items = [
  planned('base', { dependents: ['app', 'job'], wave: 1 }),
  planned('app', { wave: 0 }),
  planned('job', { wave: 0 }),
  planned('net', { decision: 'blocked', blockedBy: [reference('prod-1'), reference('prod-2')] }),
  planned('kept', { decision: 'skip', reason: 'termination protection is enabled' }),
];
const hash = targetPlanHash(target, items);
const hashWith = (name: string, change: Partial<PlanItem>) =>
  targetPlanHash(
    target,
    items.map((item) => (item.name === name ? { ...item, ...change } : item)),
  );

test('is 16 hexadecimal digits', () => {
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(runPlanHash([hash])).toMatch(/^[0-9a-f]{16}$/);
});

describe('stays the same', () => {
  test('whatever order the same selection was found in', () => {
    expect(targetPlanHash(target, items.toReversed())).toBe(hash);
  });

  test('whatever order dependents and importers are named in', () => {
    expect(hashWith('base', { dependents: [idOf('job'), idOf('app')] })).toBe(hash);
    expect(hashWith('net', { blockedBy: [reference('prod-2'), reference('prod-1')] })).toBe(hash);
  });

  test('when only words change: a reason, the name of the account', () => {
    expect(hashWith('kept', { reason: 'in other words' })).toBe(hash);
    const renamed = { ...target, account: { ...target.account, name: 'development' } };
    expect(targetPlanHash(renamed, items)).toBe(hash);
  });
});

describe('is another', () => {
  test.each<[string, string, Partial<PlanItem>]>([
    ['decision', 'kept', { decision: 'delete' }],
    ['decision', 'app', { decision: 'skip' }],
    ['decision', 'app', { decision: 'blocked' }],
    ['StackId under the same name', 'app', { id: `${idOf('app')}-again` }],
    ['policy', 'app', { policy: 'others' }],
    ['kind', 'app', { kind: 'bucket' }],
    ['order', 'base', { dependents: [idOf('app')] }],
    ['importer that blocks', 'net', { blockedBy: [reference('prod-1')] }],
  ])('with another %s (%s)', (_, name, change) => {
    expect(hashWith(name, change)).not.toBe(hash);
  });

  test('with one resource more or less', () => {
    expect(targetPlanHash(target, items.slice(1))).not.toBe(hash);
    expect(targetPlanHash(target, [...items, planned('new')])).not.toBe(hash);
  });

  test('in another account or region', () => {
    const account = { ...target.account, id: '222222222222' };
    expect(targetPlanHash({ ...target, account }, items)).not.toBe(hash);
    expect(targetPlanHash({ ...target, region: 'eu-west-1' }, items)).not.toBe(hash);
  });

  test('where a target could not be inspected, by the code of its error', () => {
    const failed = (code: string) => targetPlanHash(target, [], { code });
    expect(
      new Set([targetPlanHash(target, []), failed('AwsAccess'), failed('AwsRefused')]).size,
    ).toBe(3);
  });
});

test("a run's hash is of its targets, in any order, and changes with any of them", () => {
  const [a, b, c] = ['000000000000000a', '000000000000000b', '000000000000000c'] as const;
  expect(runPlanHash([a, b])).toBe(runPlanHash([b, a]));
  expect(new Set([[], [a], [a, b], [a, c], [a, b, c]].map(runPlanHash)).size).toBe(5);
});
