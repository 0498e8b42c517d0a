import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadFleet, parseFleet } from './load.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const written = (text: string) => {
  const file = join(folder, 'fleet.yaml');
  writeFileSync(file, text);
  return file;
};
const base = {
  regions: ['us-east-1'],
  accounts: [{ id: '111111111111', name: 'dev-1' }],
};
const at = { account: 'dev-1', region: 'us-east-1' };

test('a fleet file that is not there is named', () => {
  expect(() => loadFleet(join(folder, 'none.yaml'))).toThrow(
    /none\.yaml: the fleet file cannot be read/,
  );
});

test('a fleet file that is no YAML is named', () => {
  expect(() => loadFleet(written('accounts: [a'))).toThrow(/fleet\.yaml/);
});

test('everything that is wrong is listed at once, each with its place', () => {
  const file = written('regions: [mars]\naccounts: [{ id: 1, name: dev-1 }]\nstuff: 1\n');
  expect(() => loadFleet(file)).toThrow(
    /fleet\.yaml: regions\[0\]: a region looks like[^]*fleet\.yaml: accounts\[0\]\.id: [^]*stuff/,
  );
});

test.each([
  [
    'an account that is not there',
    { stacks: [{ account: 'dev-9', region: 'us-east-1', name: 'a' }] },
    'stacks[0].account: no account "dev-9"; the fleet has dev-1, management',
  ],
  [
    'a region that is not enabled',
    { buckets: [{ account: 'dev-1', region: 'eu-west-1', name: 'abc' }] },
    'buckets[0].region: "eu-west-1" is not enabled in dev-1; its regions are us-east-1',
  ],
  [
    'an import that nothing exports',
    { stacks: [{ ...at, name: 'a', imports: ['x'] }] },
    'a imports "x", which no stack of 111111111111/us-east-1 exports',
  ],
  [
    'an export twice',
    {
      stacks: [
        { ...at, name: 'a', exports: ['x'] },
        { ...at, name: 'b', exports: ['x'] },
      ],
    },
    'export "x" is there twice',
  ],
  [
    'a stack twice',
    {
      stacks: [
        { ...at, name: 'a' },
        { ...at, name: 'a' },
      ],
    },
    'stack "a" is there twice',
  ],
  [
    'a bucket twice',
    {
      buckets: [
        { ...at, name: 'abc' },
        { ...at, name: 'abc' },
      ],
    },
    'buckets[1]: bucket "abc" is there twice',
  ],
])('%s is refused by name', (_, rest, message) => {
  expect(() => parseFleet({ ...base, ...rest })).toThrow(message);
});

test('a nested stack may export what a stack outside imports', () => {
  const stacks = [
    { ...at, name: 'root', nested: [{ name: 'child', exports: ['x'] }] },
    { ...at, name: 'other', imports: ['x'] },
  ];
  expect(parseFleet({ ...base, stacks }).stacks).toHaveLength(2);
});
