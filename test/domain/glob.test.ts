import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { globMatcher, globSchema, matchesGlob } from '../../src/domain/glob.js';

describe('a glob', () => {
  test.each([
    ['dev-*', 'dev-1', true],
    ['dev-*', 'prod-1', false],
    ['dev-*', 'my-dev-1', false],
    ['dev-?', 'dev-12', false],
    ['{dev,test}-*', 'test-7', true],
    ['dev-[0-9]', 'dev-7', true],
    ['dev-[0-9]', 'dev-x', false],
    ['*', 'Team A (dev) / blue', true],
    ['*', '.hidden', true],
    ['team/*', 'team/a/b', true],
    ['1111*', '111111111111', true],
    ['Dev', 'dev', false],
    ['dev+1', 'dev+1', true],
    ['!dev', 'prod', false],
    ['!(prod)', 'dev', false],
  ])('%s over %s is %s', (glob, name, matches) => {
    expect(matchesGlob(name, glob)).toBe(matches);
  });

  test('matches nothing when there is none', () => {
    expect(globMatcher([])('anything')).toBe(false);
  });

  test('is one of several, any of which may match', () => {
    const matches = globMatcher(['a*', 'b*']);
    expect(['apple', 'banana', 'cherry'].filter(matches)).toEqual(['apple', 'banana']);
  });

  test.each(['', '!prod*'])('%j is refused', (glob) => {
    expect(globSchema.safeParse(glob).success).toBe(false);
  });
});

test('the glob library runs where a workflow runs: without Node', () => {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('picomatch/posix.js');
  const modules = new Map<string, unknown>();
  const load = (path: string): unknown => {
    if (modules.has(path)) return modules.get(path);
    const module = { exports: {} };
    const source = readFileSync(path, 'utf8');
    // A fresh context has the language and nothing of Node: no process, no global require.
    runInNewContext(source, {
      module,
      exports: module.exports,
      require: (name: string) => load(join(dirname(path), `${name}.js`)),
    });
    modules.set(path, module.exports);
    return module.exports;
  };
  const picomatch = load(entry) as (glob: string) => (name: string) => boolean;
  expect(picomatch('dev-*')('dev-1')).toBe(true);
});
