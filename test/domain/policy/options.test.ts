import { z } from 'zod';
import { expect, test } from 'vitest';
import { nightshiftOptionsSchema } from '../../../src/domain/policy/index.js';
import { parsePolicy, policyIssues } from './policies.js';

const options = (nightshift: unknown, over = {}) =>
  parsePolicy({ metadata: { nightshift }, ...over }).options;
const issues = (nightshift: unknown, over = {}) =>
  policyIssues({ metadata: { nightshift }, ...over });

test('options of a policy are read from metadata.nightshift', () => {
  const given = {
    passes: 2,
    after: ['other'],
    terminationProtection: 'disable',
    nonEmptyBuckets: 'retain',
    lastResort: 'force',
    newStacks: 'next-pass',
    deleteRole: 'arn:aws:iam::{accountId}:role/platform/cleanup',
    deleteTimeout: '4h',
  };
  expect(options(given)).toEqual(given);
});

test.each([
  [{ passes: 0 }, 'passes'],
  [{ passes: 1.5 }, 'passes'],
  [{ terminationProtection: 'off' }, 'terminationProtection'],
  [{ nonEmptyBuckets: true }, 'nonEmptyBuckets'],
  [{ lastResort: 'always' }, 'lastResort'],
  [{ newStacks: 'now' }, 'newStacks'],
  [{ after: 'other' }, 'after'],
  [{ deleteRole: 'cleanup' }, 'deleteRole'],
  [{ deleteTimeout: '4 hours' }, 'deleteTimeout'],
  [{ deleteTimeout: '500ms' }, 'deleteTimeout'],
  [{ pases: 3 }, 'pases'],
])('%j is refused with its path and the policy', (nightshift, field) => {
  const found = issues(nightshift);
  expect(found).toHaveLength(1);
  const path = 'policies\\[0\\]\\.metadata\\.nightshift\\.';
  expect(found[0]).toMatch(new RegExp(`^${path}${field}(\\[.*\\])?: policy old-stacks: `));
});

test('options that are no mapping are refused', () => {
  expect(issues('fast')).toHaveLength(1);
  expect(policyIssues({ metadata: 'x' })).toHaveLength(1);
});

test("force of Custodian's delete turns termination protection off", () => {
  const forced = { actions: [{ type: 'delete', force: true }] };
  expect(options({}, forced).terminationProtection).toBe('disable');
  expect(options({ terminationProtection: 'disable' }, forced).terminationProtection).toBe(
    'disable',
  );
  expect(issues({ terminationProtection: 'skip' }, forced)[0]).toMatch(/contradicts `force: true`/);
  const unforced = { actions: [{ type: 'delete', force: false }] };
  expect(issues({ terminationProtection: 'disable' }, unforced)[0]).toMatch(
    /contradicts `force: false`/,
  );
  expect(options({ terminationProtection: 'disable' }).terminationProtection).toBe('disable');
});

test("for buckets, remove-contents decides, with Custodian's default", () => {
  const buckets = (action: unknown) => ({ resource: 's3', actions: [action] });
  expect(options({}, buckets('delete')).nonEmptyBuckets).toBe('empty');
  const kept = buckets({ type: 'delete', 'remove-contents': false });
  expect(options({}, kept).nonEmptyBuckets).toBe('fail');
  expect(issues({ nonEmptyBuckets: 'empty' }, buckets('delete'))[0]).toMatch(/`remove-contents`/);
});

test.each(['s3', 'rds-snapshot'])('options of stacks are refused for %s', (resource) => {
  expect(options({ passes: 2, after: ['a'] }, { resource })).toMatchObject({
    passes: 2,
    after: ['a'],
  });
  const [issue] = issues({ lastResort: 'force' }, { resource });
  expect(issue).toMatch(/nightshift\.lastResort: .*is an option for aws\.cfn only/);
});

test('options can be written as JSON Schema, for editors', () => {
  const schema = z.toJSONSchema(nightshiftOptionsSchema, { io: 'input' });
  expect(Object.keys(schema.properties ?? {})).toContain('lastResort');
  expect(schema.additionalProperties).toBe(false);
});
