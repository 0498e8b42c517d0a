import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import { formatEvr } from '../../src/domain/images/versions/index.js';
import { readMirror } from '../../src/mirrors/index.js';
import { createRepository } from '../../test/mirrors/support/createrepo.js';
import { keysOfTest } from '../../test/mirrors/support/keys.js';
import { buildRpms } from '../../test/mirrors/support/rpms.js';
import { SandboxAdmin } from '../admin-client.js';
import { withMirrors } from './testing.js';

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-mirror-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function sandboxWith(folder: string) {
  const sandbox = await withMirrors([{ name: 'real', kind: 'folder', folder }]);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

test('a repository that createrepo_c has made is served as it is, with its signature', async () => {
  const folder = join(await scratch(), 'repository');
  await buildRpms(folder, [
    { name: 'gitlab-runner', version: '16.10.0', release: '1', arch: 'x86_64' },
  ]);
  await createRepository(folder);
  const keys = await keysOfTest();
  onTestFinished(() => keys.remove());
  const key = await keys.make('mirror');
  const repomd = join(folder, 'repodata', 'repomd.xml');
  const sandbox = await sandboxWith(folder);
  const url = `${sandbox.url}/mirror/real/`;
  await writeFile(
    `${repomd}.asc`,
    await key.detached(await (await fetch(`${url}repodata/repomd.xml`)).text()),
  );
  const read = () =>
    readMirror(
      { kind: 'rpm', url, key: key.keyring },
      { names: ['gitlab-runner'], architectures: ['x86_64'] },
      { signal: new AbortController().signal, limits: { attempts: 1 } },
    );

  const reading = await read();
  expect(reading.kind === 'packages' && reading.packages.map(({ evr }) => formatEvr(evr))).toEqual([
    '16.10.0-1',
  ]);

  await new SandboxAdmin(sandbox.url).setMirror('real', { kind: 'midSync' });
  await expect(read()).rejects.toMatchObject({ code: 'inconsistent' });
});

test('a folder has no way out of it', async () => {
  const folder = await scratch();
  await writeFile(join(folder, '..', `${folder.split('/').at(-1)}.txt`), 'outside');
  onTestFinished(() => rm(`${folder}.txt`));
  await writeFile(join(folder, 'inside.txt'), 'inside');
  const sandbox = await sandboxWith(folder);
  const get = async (path: string) => (await fetch(`${sandbox.url}/mirror/real/${path}`)).status;
  expect(await get('inside.txt')).toBe(200);
  const outside = encodeURIComponent(`../${folder.split('/').at(-1)}.txt`);
  for (const path of [outside, 'inside.txt/more', '%00', 'none'])
    expect(await get(path), path).toBe(404);
});

test('a folder that is not there is said at the start', async () => {
  await expect(
    withMirrors([{ name: 'real', kind: 'folder', folder: join(await scratch(), 'none') }]),
  ).rejects.toThrow(/mirror real: there is no folder .*none/);
});

test('a folder’s packages are changed in the folder', async () => {
  const sandbox = await sandboxWith(await scratch());
  const admin = new SandboxAdmin(sandbox.url);
  await expect(admin.addPackages('real', [{ name: 'a', versions: ['1-1'] }])).rejects.toThrow(
    /mirror real is a folder: change its files/,
  );
});
