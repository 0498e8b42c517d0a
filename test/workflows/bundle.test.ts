import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/temporal/package-root.js';

// Every workflow that a worker holds has all modules of the bundle for itself: zod is a megabyte of memory each.
test('workflows load no schemas: input is checked in activities', async () => {
  const bundle = await readFile(join(packageRoot(), 'dist/workflows/bundle.js'), 'utf8');
  const modules = [...bundle.matchAll(/^\/\*\*\*\/ "([^"]+)"/gm)].map(([, path = '']) => path);
  expect(modules).toContainEqual(expect.stringContaining('dist/src/workflows/index.js'));
  expect(modules.filter((path) => /node_modules\/(zod|picomatch)\//.test(path))).toEqual([]);
});
