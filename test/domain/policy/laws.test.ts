import { expect, test } from 'vitest';
import type { Filter, JsonObject } from '../../../src/domain/policy/index.js';
import { parsePolicies, selectResources } from '../../../src/domain/policy/index.js';

const seed = Number(process.env['NIGHTSHIFT_TEST_SEED'] ?? 20240615);
const random = mulberry32(seed);

// A small generator with a seed, so that a failure can be run again.
function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)]!;
}

const values = ['true', 'false', '', '3', 'a-b'];

function stacks(): JsonObject[] {
  return Array.from({ length: 20 }, (_, index) => ({
    StackName: `stack-${index}`,
    StackStatus: pick(['CREATE_COMPLETE', 'DELETE_FAILED']),
    CreationTime: new Date(Date.UTC(2024, 5, 1 + Math.floor(random() * 20))).toISOString(),
    Tags: ['ephemeral', 'ttl'].flatMap((Key) =>
      random() < 0.6 ? [{ Key, Value: pick(values) }] : [],
    ),
    ...(random() < 0.5 ? { Description: pick(values) } : {}),
  }));
}

function filter(depth = 2): Filter {
  if (depth > 0 && random() < 0.5) {
    const filters = Array.from({ length: 1 + Math.floor(random() * 3) }, () => filter(depth - 1));
    return { kind: pick(['and', 'or', 'not'] as const), filters };
  }
  const key = pick(['StackStatus', 'Description', 'tag:ephemeral', 'tag:ttl']);
  return pick<Filter>([
    { kind: 'value', key, value: pick([...values, 'present', 'absent', 'empty']) },
    { kind: 'value', key, value: [pick(values), pick(values)], op: pick(['in', 'not-in']) },
    { kind: 'value', key: 'CreationTime', valueType: 'age', op: pick(['ge', 'lt']), value: 10 },
  ]);
}

const [template] = parsePolicies(
  { policies: [{ name: 'law', resource: 'aws.cfn', actions: ['delete'] }] },
  'laws',
);
const context = {
  now: new Date(Date.UTC(2024, 5, 15)),
  accountId: '111111111111',
  region: 'us-east-1',
};

function select(filters: Filter[], resources: JsonObject[]): JsonObject[] {
  return selectResources({ ...template!, filters }, resources, context);
}

test(`not, and, or hold to their laws for filters that look at one resource (seed ${seed})`, () => {
  for (let round = 0; round < 300; round++) {
    const resources = stacks();
    const [a, b] = [filter(), filter()];
    const not = (...filters: Filter[]): Filter => ({ kind: 'not', filters });
    const both: Filter = { kind: 'and', filters: [a, b] };
    const either: Filter = { kind: 'or', filters: [a, b] };
    const inA = new Set(select([a], resources));
    const inB = new Set(select([b], resources));
    const only = (keep: (one: JsonObject) => boolean) => resources.filter(keep);

    expect(select([not(a)], resources)).toEqual(only((one) => !inA.has(one)));
    expect(select([not(not(a))], resources)).toEqual([...inA]);
    expect(select([both], resources)).toEqual(only((one) => inA.has(one) && inB.has(one)));
    expect(select([either], resources)).toEqual(only((one) => inA.has(one) || inB.has(one)));
    // A list of filters is an `and`, in a `not` as well.
    expect(select([a, b], resources)).toEqual(select([both], resources));
    expect(select([not(a, b)], resources)).toEqual(select([not(both)], resources));
    expect(select([not(either)], resources)).toEqual(select([not(a), not(b)], resources));
    expect(select([a, b], resources)).toEqual(select([b, a], resources));
  }
});

test('a selection keeps the order of the resources and changes none of them', () => {
  const resources = stacks();
  const before = structuredClone(resources);
  const selected = select([{ kind: 'or', filters: [filter(), filter()] }], resources);
  expect(resources).toEqual(before);
  const places = selected.map((one) => resources.indexOf(one));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});
