import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackageVersion } from '../../src/domain/images/package.js';
import {
  type PrimaryEntry,
  createRepository,
  primaryOf,
  queryDatabase,
  replacePrimary,
} from './support/createrepo.js';
import { failureOf, linesOf, packagesOf, read, runner } from './support/reading.js';
import { handMadeOf, primaryXml } from './support/repository.js';
import { buildRpms, queryRpms, sampleRpms } from './support/rpms.js';
import { serve } from './support/server.js';
import { run, scratch } from './support/tools.js';

const everything = {
  names: [...new Set(sampleRpms.map(({ name }) => name))],
  architectures: ['x86_64', 'aarch64'],
};

let directory = '';
let remove: () => Promise<void>;
const rpms = () => join(directory, 'rpms');

beforeAll(async () => {
  ({ path: directory, remove } = await scratch());
  await buildRpms(rpms(), sampleRpms);
});
afterAll(() => remove());

/** A repository of its own for a test, made by createrepo_c of the same packages. */
async function repository(name: string, options: readonly string[] = []): Promise<string> {
  const path = join(directory, name);
  await cp(rpms(), path, { recursive: true });
  await createRepository(path, options);
  return path;
}

async function openPrimary(path: string): Promise<Buffer> {
  return gunzipSync(await readFile(await primaryOf(path)));
}

/** primary.xml packed by the tool itself. */
async function packed(open: Buffer, tool: string, file: string): Promise<PrimaryEntry> {
  const path = join(directory, `open-${file}`);
  await writeFile(path, open);
  return { file, bytes: await run(tool, ['-q', '-c', path]), open };
}

function record({ name, arch, evr, location }: PackageVersion) {
  return { name, arch, epoch: evr.epoch, version: evr.version, release: evr.release, location };
}

const byText = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe('a repository made by createrepo_c', () => {
  test('is read with the same packages as its own database has, sources left out', async () => {
    const path = await repository('database');
    const { url } = await serve(path);
    const reading = await read({ kind: 'rpm', url }, everything);
    const rows = await queryDatabase(path);
    expect(rows.filter(({ arch }) => arch === 'src')).toHaveLength(1);
    expect(packagesOf(reading).map(record).sort(byText)).toEqual(
      rows.filter(({ arch }) => arch !== 'src').sort(byText),
    );
  });

  test('is read with what rpm itself says of each file', async () => {
    const { url } = await serve(await repository('files'));
    const reading = await read({ kind: 'rpm', url }, everything);
    const records = packagesOf(reading).map((each) => {
      const { location: _, ...rest } = record(each);
      return rest;
    });
    expect(records.sort(byText)).toEqual((await queryRpms(rpms())).sort(byText));
  });

  test('gives only what is asked for, and what runs anywhere with each architecture', async () => {
    const { url } = await serve(await repository('wanted'));
    const source = { kind: 'rpm', url } as const;
    expect(linesOf(await read(source, runner))).toEqual([
      'gitlab-runner 16.10.0-1 x86_64',
      'gitlab-runner 16.11.0~rc1-0.1 x86_64',
      'gitlab-runner 16.9.0-1 x86_64',
      'gitlab-runner 2:16.11.0-1 x86_64',
    ]);
    const both = { names: ['gitlab-runner', 'gitlab-runner-helper-images'] };
    expect(linesOf(await read(source, { ...both, architectures: ['arm64'] }))).toEqual([
      'gitlab-runner 16.10.0-1 aarch64',
      'gitlab-runner-helper-images 16.10.0-1 noarch',
    ]);
    expect(linesOf(await read(source, { names: ['gitlab'], architectures: ['x86_64'] }))).toEqual(
      [],
    );
  });

  test.each(['gz', 'xz'])('is read where createrepo_c packed it with %s', async (type) => {
    const { url } = await serve(
      await repository(`general-${type}`, [`--general-compress-type=${type}`]),
    );
    expect(linesOf(await read({ kind: 'rpm', url }))).toHaveLength(4);
  });

  test('is read without checksums in the names of its files, with SHA-512, and below a path', async () => {
    await repository('below', ['--simple-md-filenames', '--checksum=sha512']);
    const { url } = await serve(directory);
    expect(linesOf(await read({ kind: 'rpm', url: `${url}/below` }))).toHaveLength(4);
    expect(linesOf(await read({ kind: 'rpm', url: `${url}/below/` }))).toHaveLength(4);
  });

  test('packed with bzip2 is refused by that name', async () => {
    const { url } = await serve(await repository('bz2', ['--general-compress-type=bz2']));
    const failure = await failureOf(read({ kind: 'rpm', url }));
    expect(failure).toMatchObject({ code: 'unsupported', retryable: false });
    expect(failure.message).toMatch(/primary\.xml\.bz2: is packed with bzip2, and must be packed/);
  });

  test.each([
    ['zstd', 'primary.xml.zst'],
    ['xz', 'primary.xml.xz'],
    ['gzip', 'primary.xml.gz'],
    // The name lies: what it is, the first bytes say.
    ['zstd', 'primary.xml.gz'],
    ['gzip', 'primary.xml'],
  ])('is read when packed with %s and called %s', async (tool, file) => {
    const path = await repository(`${tool}-${file}`);
    await replacePrimary(path, await packed(await openPrimary(path), tool, file));
    const { url } = await serve(path);
    expect(linesOf(await read({ kind: 'rpm', url }))).toHaveLength(4);
  });

  test('is read when it is not packed at all', async () => {
    const path = await repository('plain');
    const open = await openPrimary(path);
    await replacePrimary(path, { file: 'primary.xml', bytes: open, open });
    const { url } = await serve(path);
    expect(linesOf(await read({ kind: 'rpm', url }))).toHaveLength(4);
  });

  test('is read with SHA-1 where nothing is said to be signed', async () => {
    const path = await repository('sha1');
    const open = await openPrimary(path);
    await replacePrimary(path, { file: 'primary.xml', bytes: open, open }, 'sha1');
    const { url } = await serve(path);
    expect(linesOf(await read({ kind: 'rpm', url }))).toHaveLength(4);
  });
});

describe('primary.xml', () => {
  const open = primaryXml([{ name: 'other', version: '1.0' }]);
  const all = { names: ['gitlab-runner', 'other'], architectures: ['x86_64'] };

  test('says the name of a package directly in it, and nowhere deeper', async () => {
    const nested = open.replace(
      '</package>',
      '<format><name>gitlab-runner</name><version epoch="0" ver="9"/><location href="x"/></format></package>',
    );
    const { url } = await serve(handMadeOf(nested));
    const reading = await read({ kind: 'rpm', url }, all);
    expect(linesOf(reading)).toEqual(['other 1.0-1 x86_64']);
    expect(packagesOf(reading)[0]?.location).toBe('other-1.0-1.x86_64.rpm');
  });

  test('may place a package elsewhere, and name one twice', async () => {
    const placed = open.replace('<location ', '<location xml:base="https://cdn.example/el9/" ');
    const twice = placed.replace(/<package.*<\/package>/s, '$&$&');
    const { url } = await serve(handMadeOf(twice));
    expect(packagesOf(await read({ kind: 'rpm', url }, all))).toEqual([
      {
        name: 'other',
        arch: 'x86_64',
        evr: { epoch: 0, version: '1.0', release: '1' },
        location: 'https://cdn.example/el9/other-1.0-1.x86_64.rpm',
      },
    ]);
  });

  test('may write a name in parts: entities, character data, comments between', async () => {
    const written = open.replace('<name>other', '<name>o&#116;h<!-- x -->er');
    const { url } = await serve(handMadeOf(written));
    expect(linesOf(await read({ kind: 'rpm', url }, all))).toEqual(['other 1.0-1 x86_64']);
    const data = await serve(handMadeOf(open.replace('>other<', '><![CDATA[other]]><')));
    expect(linesOf(await read({ kind: 'rpm', url: data.url }, all))).toHaveLength(1);
  });
});
