import { expect, test } from 'vitest';
import { InvalidInputError } from '../../../src/domain/errors.js';
import { orderPolicies, policyStages } from '../../../src/domain/policy/index.js';
import { parsePolicy } from './policies.js';

const policy = (name: string, ...after: string[]) =>
  parsePolicy({ name, metadata: { nightshift: { after } } });
const names = (policies: { name: string }[]) => policies.map(({ name }) => name);

test('a policy comes behind those it is to run after; otherwise the order stays', () => {
  const policies = [policy('c', 'a', 'b'), policy('b', 'a'), policy('z'), policy('a')];
  expect(names(orderPolicies(policies))).toEqual(['z', 'a', 'b', 'c']);
  expect(policyStages(policies).map(names)).toEqual([['z', 'a'], ['b'], ['c']]);
  expect(orderPolicies([])).toEqual([]);
});

test.each([
  [
    'an unknown name',
    [policy('delete-stacks'), policy('b', 'delete-stack')],
    /names "delete-stack".*did you mean delete-stacks\?/,
  ],
  ['a policy that waits for itself', [policy('a', 'a')], /a → a/],
  [
    'a circle',
    [policy('x', 'a'), policy('a', 'b'), policy('b', 'c'), policy('c', 'a')],
    /a → b → c → a/,
  ],
])('%s is refused', (_, policies, message) => {
  expect(() => orderPolicies(policies)).toThrow(InvalidInputError);
  expect(() => orderPolicies(policies)).toThrow(message);
});
