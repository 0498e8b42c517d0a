import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import {
  matchesEverything,
  orderPolicies,
  parsePolicies,
  selectResources,
} from '../../../src/domain/policy/index.js';
import { readVectors } from './vectors.js';

const { shipped, sets, now, accountId, region } = readVectors();

function read(file: string) {
  const path = new URL(`../../../policies/${file}`, import.meta.url);
  return parsePolicies(parse(readFileSync(path, 'utf8')), file);
}

test.each(shipped)(
  '$name selects what Custodian selects with it',
  ({ file, name, set, expected }) => {
    const policy = read(file).find((candidate) => candidate.name === name);
    const resources = sets[set] ?? [];
    const selected = selectResources(policy!, resources, { now, accountId, region });
    expect(selected.map((one) => resources.indexOf(one))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(resources.length);
  },
);

test('the shipped policies run stacks first, and none can match everything', () => {
  const policies = shipped.flatMap(({ file }) => read(file));
  expect(policies.map(({ name }) => name).sort()).toEqual([
    'delete-ephemeral-cfn-stacks',
    'delete-ephemeral-rds-snapshots',
    'delete-ephemeral-s3-buckets',
  ]);
  expect(orderPolicies(policies)[0]?.name).toBe('delete-ephemeral-cfn-stacks');
  expect(policies.filter(matchesEverything)).toEqual([]);
});
