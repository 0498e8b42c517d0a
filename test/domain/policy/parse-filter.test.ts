import { expect, test } from 'vitest';
import { policyIssues } from './policies.js';

function issue(filter: unknown, resource = 'aws.cfn'): string {
  const issues = policyIssues({ resource, filters: [filter] });
  expect(issues).toHaveLength(1);
  return issues[0]!;
}

const value = { type: 'value', key: 'StackName', value: 'x' };

test.each([
  [
    'a filter type that Nightshift lacks',
    { type: 'metrics', name: 'x' },
    /filter type `metrics` isn't supported/,
  ],
  ['a filter type by name alone', 'event', /filter type `event` isn't supported/],
  ['an empty block', { or: [] }, /`or` is empty/],
  ['a block that is no list', { and: { a: 'b' } }, /must be a list/],
  [
    'several conditions in one',
    { 'tag:a': 'x', 'tag:b': 'y' },
    /write each condition as an entry of its own/,
  ],
  ['a shorthand with a list', { StackName: ['x'] }, /write a filter of `type: value`/],
  ['a number for a filter', 5, /must be a mapping/],
  [
    'an unknown operator',
    { ...value, op: 'like' },
    /"like" is not allowed: must be one of eq, equal/,
  ],
  [
    'an unknown value type',
    { ...value, value_type: 'cidr' },
    /"cidr" is not allowed: must be one of age, date/,
  ],
  ['a value filter without key', { type: 'value', value: 'x' }, /key: .*is missing/],
  ['a value filter without value', { type: 'value', key: 'StackName' }, /value: .*is missing/],
  ['a mapping for a value', { ...value, value: { a: 1 } }, /value: .*must be text, a number/],
  ['an unquoted date', { ...value, value: new Date(0) }, /an unquoted date is not allowed/],
  ['an infinite number', { ...value, value: Infinity }, /must be text, a number/],
  [
    'an age that is no number',
    { ...value, value_type: 'age', value: '3' },
    /"3" is not allowed: must be a number/,
  ],
  [
    'an age beyond the calendar',
    { ...value, value_type: 'age', value: 1e9 },
    /must be a number from/,
  ],
  [
    'a date that is none',
    { ...value, value_type: 'date', value: 'soon' },
    /"soon" is not allowed: must be a date/,
  ],
  [
    'a pattern that is none',
    { ...value, op: 'regex', value: 'a(' },
    /not a regular expression that Nightshift supports: a \( has no \)/,
  ],
  ['a pattern that is no text', { ...value, op: 'regex', value: 5 }, /must be text/],
  ['a pattern with a back reference', { ...value, op: 'regex', value: '(a)\\1' }, /back reference/],
  [
    'a value_regex that captures nothing',
    { ...value, value_regex: 'a' },
    /must capture one group, and captures 0/,
  ],
  [
    'a value_regex that captures in a repeat',
    { ...value, value_regex: '(?:(a)|b)*' },
    /captured group in a repeat/,
  ],
  ['value_from', { ...value, value_from: { url: 's3://x' } }, /`value_from` isn't supported/],
  [
    'tag_key_transforms',
    { ...value, tag_key_transforms: ['lower'] },
    /`tag_key_transforms` isn't supported/,
  ],
  ['an unknown key of a filter', { ...value, vaule: 1 }, /no key `vaule`/],
  ['mod by nothing', { ...value, op: 'mod', value: 0 }, /number other than 0/],
  ['a key that is not JMESPath', { 'a:b': 'x' }, /not a field, `tag:NAME` or JMESPath expression/],
  ['a key that is empty', { ...value, key: '' }, /it is empty/],
  ['an unknown function', { 'lenght(Tags)': 2 }, /there is no function lenght/],
  ['a call with too many arguments', { 'length(Tags, Tags)': 2 }, /takes 1 arguments, not 2/],
  ['an expression that reads everything', { 'keys(@)': 'x' }, /must name the fields it reads/],
  [
    'a field that AWS leaves out of lists',
    { EnableTerminationProtection: false },
    /set metadata\.nightshift\.terminationProtection/,
  ],
  ['a variable that Nightshift lacks', { StackName: '{now}' }, /variable \{now\} isn't supported/],
  ['a lone brace', { StackName: 'a{' }, /lone \{ is an error; write \{\{/],
  [
    'a count without operator',
    { type: 'value', value_type: 'resource_count', value: 1 },
    /op: .*is missing/,
  ],
  [
    'a count that is no number',
    { type: 'value', value_type: 'resource_count', op: 'gt', value: 'x' },
    /must be a whole number/,
  ],
  [
    'a count in no list',
    { type: 'value', value_type: 'resource_count', op: 'in', value: 1 },
    /must be a list of whole numbers/,
  ],
  [
    'a mark for an unknown action',
    { type: 'marked-for-op', op: 'stop' },
    /"stop" is not allowed: must be one of/,
  ],
  ['a mark without action', { type: 'marked-for-op' }, /op: .*is missing/],
  ['a negative skew', { type: 'marked-for-op', op: 'delete', skew: -1 }, /must be a number from 0/],
  [
    'an age filter for stacks',
    { type: 'age', days: 1 },
    /use `type: value` with `value_type: age`/,
  ],
])('%s is refused, and the message says what is wrong', (_, filter, message) => {
  expect(issue(filter)).toMatch(message);
});

test.each(['Policy', 'Acl', 'Lifecycle', 'Website', 'Replication', 'Notification', 'Logging'])(
  'the document %s of a bucket is refused by name',
  (field) => {
    expect(issue({ [field]: 'present' }, 's3')).toContain(
      `the field \`${field}\` of aws.s3 isn't supported by Nightshift`,
    );
  },
);

test.each([
  ['hours of an age', { type: 'age', hours: 3 }, /no key `hours`/],
  ['an operator that has no order', { type: 'age', days: 1, op: 'in' }, /"in" is not allowed/],
  ['TagList', { TagList: 'present' }, /Custodian renames it: read Tags/],
  ['a latest that is no boolean', { type: 'latest', automatic: 'yes' }, /must be true or false/],
])('for snapshots, %s is refused as Custodian does', (_, filter, message) => {
  expect(issue(filter, 'rds-snapshot')).toMatch(message);
});
