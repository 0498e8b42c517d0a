import { expect, test } from 'vitest';
import { criticalPathSeconds } from './critical-path.js';
import { defineFleet } from './load.js';
import { placedStacks } from './placed.js';

const fleet = (seed: number) =>
  defineFleet({
    regions: ['us-east-1', 'eu-west-1'],
    accounts: [{ id: '111111111111', name: 'dev-1' }],
    generate: [{ seed, stacks: 500, depth: 12, deleteSeconds: [20, 300] }],
  });

const exportsOf = (stack: { exports: (string | { name: string })[] }) =>
  stack.exports.map((exported) => (typeof exported === 'string' ? exported : exported.name));

test('a generated graph has as many stacks as asked for in each target', () => {
  const stacks = placedStacks(fleet(1));
  expect(stacks.filter((stack) => stack.region === 'us-east-1')).toHaveLength(500);
  expect(stacks.filter((stack) => stack.region === 'eu-west-1')).toHaveLength(500);
});

test('a generated graph is as deep as asked for', () => {
  const stacks = placedStacks(fleet(1)).filter((stack) => stack.region === 'us-east-1');
  const exporter = new Map(stacks.flatMap((s) => exportsOf(s).map((name) => [name, s] as const)));
  const depthOf = (stack: (typeof stacks)[number]): number =>
    1 + Math.max(0, ...stack.imports.map((name) => depthOf(exporter.get(name)!)));
  expect(Math.max(...stacks.map(depthOf))).toBe(12);
});

test('the same seed gives the same graph, another seed another', () => {
  expect(placedStacks(fleet(1))).toEqual(placedStacks(fleet(1)));
  expect(placedStacks(fleet(2))).not.toEqual(placedStacks(fleet(1)));
});

test('the critical path is the longest chain of importers', () => {
  const at = { account: 'dev-1', region: 'us-east-1' };
  const { stacks } = defineFleet({
    regions: ['us-east-1'],
    accounts: [{ id: '111111111111', name: 'dev-1' }],
    stacks: [
      { ...at, name: 'base', exports: ['base'], deleteSeconds: 10 },
      { ...at, name: 'left', imports: ['base'], exports: ['left'], deleteSeconds: 20 },
      { ...at, name: 'right', imports: ['base'], deleteSeconds: 25 },
      { ...at, name: 'top', imports: ['left'], deleteSeconds: 30 },
      { ...at, name: 'alone', deleteSeconds: 50 },
    ],
  });
  expect(criticalPathSeconds(stacks)).toBe(60);
});
