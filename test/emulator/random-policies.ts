import type { Random } from './random.js';

/** Tag values that mean different things to the value types, or nothing to some of them. */
export const tagValues = [
  'true',
  ' TRUE ',
  'false',
  '',
  '0',
  '7',
  '07',
  '-3',
  '7.5',
  '1e2',
  'red',
  'Red',
  'red blue',
  'ünï',
  '2020-01-01',
  '2021-06-01T12:00:00Z',
  '2021-06-01T12:00:00+10:00',
  '2099-12-31',
  '1600000000',
  'net',
  'None',
];

/** What tools that mark resources write, soundly and not so. */
export const marks = [
  'Resource does not meet policy: delete@2021/01/01',
  'Resource does not meet policy: stop@2021/01/01',
  'later: delete@2099/01/01',
  'with a time: delete@2021/01/01 1530 UTC',
  'delete@2021/01/01',
  'no mark at all',
  'a: b: delete@2021-03-04',
];

export const tagKeys = ['a', 'b', 'team', 'when'] as const;

const keys = [
  ...tagKeys.map((key) => `tag:${key}`),
  'tag:nowhere',
  'StackName',
  'StackStatus',
  'CreationTime',
  'DisableRollback',
  'ParentId',
  'Outputs',
  'Tags',
  'Tags[].Key',
  'Tags[].Value',
  'Tags[0].Value',
  'Outputs[].ExportName',
  'Outputs[0].ExportName',
  "Tags[?Key=='a'].Value | [0]",
  "Tags[?Key=='team'].Value",
  'length(Tags)',
  'length(Outputs || `[]`)',
  "contains(StackName, 'e')",
  "starts_with(StackName, 'n')",
  "join(',', Tags[].Key)",
  'sort(Tags[].Value)',
  'max(Tags[].Value)',
  'DriftInformation.StackDriftStatus',
];

const operators = [
  ...['eq', 'equal', 'ne', 'not-equal', 'gt', 'greater-than', 'ge', 'gte', 'lt', 'less-than'],
  ...['le', 'lte', 'in', 'ni', 'not-in', 'contains', 'glob', 'regex', 'regex-case', 'intersect'],
  ...['difference', 'mod'],
];

const valueTypes = [
  ...['age', 'date', 'expiration', 'integer', 'float', 'normalize', 'size', 'unique_size'],
  ...['swap', 'expr', 'resource_count'],
];

const plainValues: readonly unknown[] = [
  ...tagValues,
  ...['absent', 'present', 'not-null', 'empty', 'CREATE_COMPLETE', 'ROLLBACK_COMPLETE'],
  ...[0, 1, 2, 3, 7, -1, 7.5, 30, true, false, null],
];
const captures = ['^(\\w+)-\\d+$', '.*(\\d{4})', '(?:red|net)-(\\d)', 'delete@(.*)'];
const patterns = ['*', 'n*', '[nr]?*', '*e*', '^n.t$', 'R', '(red|blue)', '\\d+', '.*[0-9]{2}'];

/** A policy over stacks as Custodian would read it, though neither tool need accept it. */
export function randomPolicy(name: string, random: Random): Record<string, unknown> {
  const filters = Array.from({ length: random.chance(0.7) ? 1 : 2 }, () => filter(random, 2));
  return { name, resource: 'aws.cfn', filters, actions: ['delete'] };
}

function filter(random: Random, depth: number): Record<string, unknown> {
  if (depth > 0 && random.chance(0.25)) {
    const parts = Array.from({ length: random.chance(0.5) ? 2 : 1 }, () =>
      filter(random, depth - 1),
    );
    return { [random.pick(['and', 'or', 'not'])]: parts };
  }
  if (random.chance(0.08)) return marked(random);
  if (random.chance(0.2)) return { [random.pick(keys)]: random.pick(plainValues) };
  return valueFilter(random);
}

function marked(random: Random): Record<string, unknown> {
  return {
    type: 'marked-for-op',
    tag: random.pick(tagKeys),
    op: random.pick(['delete', 'stop']),
    ...(random.chance(0.3) ? { skew: random.pick([0, 1, 40]) } : {}),
  };
}

function valueFilter(random: Random): Record<string, unknown> {
  const valueType = random.chance(0.5) ? random.pick(valueTypes) : undefined;
  const op = random.chance(0.9) ? random.pick(operators) : undefined;
  return {
    type: 'value',
    key: random.pick(keys),
    value: value(random, op, valueType),
    ...(op === undefined ? {} : { op }),
    ...(valueType === undefined ? {} : { value_type: valueType }),
    ...(random.chance(0.1) ? { value_regex: random.pick(captures) } : {}),
    ...(random.chance(0.1) ? { value_path: random.pick(keys) } : {}),
  };
}

function value(random: Random, op: string | undefined, valueType: string | undefined): unknown {
  if (op?.startsWith('regex') || op === 'glob') return random.pick(patterns);
  if (valueType === 'date')
    return random.pick(['2020-06-01', '2021-06-01T12:00:00Z', '2100-01-01']);
  // Far from any boundary that the moments between the two tools' runs could cross.
  if (valueType === 'age' || valueType === 'expiration')
    return random.pick([0, 1, 30, 400, -1, 2.5]);
  const wantsList =
    op !== undefined && ['in', 'ni', 'not-in', 'intersect', 'difference'].includes(op);
  if (random.chance(wantsList ? 0.8 : 0.1)) {
    return Array.from({ length: 3 }, () => random.pick(plainValues));
  }
  return random.pick(plainValues);
}
