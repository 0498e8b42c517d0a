import { symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { findFiles } from '../../src/config/policy-files.js';
import { checkout } from './checkout.js';

const files = {
  'a.yml': '',
  'policies/b.yml': '',
  'policies/a.yml': '',
  'policies/a.yaml': '',
  'policies/.hidden.yml': '',
  'policies/team/c.yml': '',
  'policies/team/deep/d.yml': '',
  'policies/node_modules/x/e.yml': '',
};

test.each([
  ['policies/*.yml', ['policies/a.yml', 'policies/b.yml']],
  ['./policies/*.yml', ['policies/a.yml', 'policies/b.yml']],
  ['policies/*.{yml,yaml}', ['policies/a.yaml', 'policies/a.yml', 'policies/b.yml']],
  ['policies/*/*.yml', ['policies/team/c.yml']],
  ['*/a.yml', ['policies/a.yml']],
  [
    'policies/**/*.yml',
    ['policies/a.yml', 'policies/b.yml', 'policies/team/c.yml', 'policies/team/deep/d.yml'],
  ],
  ['policies/b.yml', ['policies/b.yml']],
  ['policies/.hidden.yml', ['policies/.hidden.yml']],
  ['policies', []],
  ['policies/missing.yml', []],
  ['a.yml/b.yml', []],
  ['missing/*.yml', []],
])('%s finds %j', async (pattern, found) => {
  const folder = checkout(files);
  const paths = await findFiles(pattern, folder);
  expect(paths.map((path) => relative(folder, path))).toEqual(found);
});

test('a pattern may lead out of the folder, or be absolute', async () => {
  const folder = checkout(files);
  const expected = [join(folder, 'policies/a.yml'), join(folder, 'policies/b.yml')];
  expect(await findFiles('../policies/*.yml', join(folder, 'config'))).toEqual(expected);
  expect(await findFiles(join(folder, 'policies/*.yml'), '/')).toEqual(expected);
});

test('a link to a file counts as one, a broken link does not', async () => {
  const folder = checkout(files);
  symlinkSync(join(folder, 'a.yml'), join(folder, 'policies/link.yml'));
  symlinkSync(join(folder, 'gone.yml'), join(folder, 'policies/broken.yml'));
  const found = await findFiles('policies/*.yml', folder);
  expect(found.map((path) => relative(folder, path))).toEqual([
    'policies/a.yml',
    'policies/b.yml',
    'policies/link.yml',
  ]);
});
