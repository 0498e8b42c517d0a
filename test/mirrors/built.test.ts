import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/temporal/package-root.js';
import { handMadeOf, primaryXml } from './support/repository.js';
import { serve } from './support/server.js';
import { run, scratch } from './support/tools.js';

// Node takes the names of a CommonJS library from an ES module only where it can see them; Vitest always can.
test.each(['gzip', 'zstd', 'xz'])(
  'as built, Node itself reads what is packed with %s',
  async (tool) => {
    const { path, remove } = await scratch();
    const open = primaryXml([{ version: '16.9.0' }, { version: '16.10.0' }]);
    await writeFile(join(path, 'primary.xml'), open);
    const packed =
      tool === 'gzip' ? gzipSync(open) : await run(tool, ['-q', '-c', join(path, 'primary.xml')]);
    await remove();
    const { url } = await serve(handMadeOf(open, packed));
    const program = `
    import { readMirror } from ${JSON.stringify(join(packageRoot(), 'dist/src/mirrors/index.js'))};
    const wanted = { names: ['gitlab-runner'], architectures: ['x86_64'] };
    const { signal } = new AbortController();
    const reading = await readMirror({ kind: 'rpm', url: ${JSON.stringify(url)} }, wanted, { signal });
    console.log(reading.packages.map(({ evr }) => evr.version).join());
  `;
    const said = await run(process.execPath, ['--input-type=module', '--eval', program]);
    expect(said.toString()).toBe('16.9.0,16.10.0\n');
  },
);
