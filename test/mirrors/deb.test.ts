import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDebs, packagesFile, releaseFile, sampleDebs } from './support/debs.js';
import { type Keys, type SigningKey, keysOfTest } from './support/keys.js';
import { failureOf, linesOf, packagesOf, read, runner } from './support/reading.js';
import { serve } from './support/server.js';
import { run, scratch } from './support/tools.js';

let directory = '';
let remove: () => Promise<void>;
let keys: Keys;
let ours: SigningKey;
let theirs: SigningKey;
/** The list of amd64, that of arm64, that of packages for any. */
let lists = { amd64: '', arm64: '', all: '' };

beforeAll(async () => {
  ({ path: directory, remove } = await scratch());
  keys = await keysOfTest();
  ours = await keys.make('ours');
  theirs = await keys.make('theirs');
  await buildDebs(directory, sampleDebs);
  lists = {
    amd64: await packagesFile(directory, ['amd64', 'all']),
    arm64: await packagesFile(directory, ['arm64', 'all']),
    all: await packagesFile(directory, ['all']),
  };
});
afterAll(async () => {
  await keys.remove();
  await remove();
});

type Files = Record<string, string | Buffer>;

/** The documents of a suite; what a Release names as plain text is not served, as Debian's own mirrors do. */
function suite(files: Files, fields: Readonly<Record<string, string>> = {}): Files {
  const served = Object.entries(files).filter(([path]) => !path.endsWith('Packages'));
  return {
    '/dists/bookworm/InRelease': releaseFile(files, fields),
    ...Object.fromEntries(served.map(([path, data]) => [`/dists/bookworm/${path}`, data])),
  };
}

function gzipped(): Files {
  return {
    'main/binary-amd64/Packages': lists.amd64,
    'main/binary-amd64/Packages.gz': gzipSync(lists.amd64),
    'main/binary-arm64/Packages': lists.arm64,
    'main/binary-arm64/Packages.gz': gzipSync(lists.arm64),
  };
}

async function packed(tool: string, text: string): Promise<Buffer> {
  const path = join(directory, 'Packages');
  await writeFile(path, text);
  return run(tool, ['-q', '-c', path]);
}

const source = (url: string) =>
  ({ kind: 'deb', url, suite: 'bookworm', component: 'main' }) as const;
const both = { names: ['gitlab-runner', 'gitlab-runner-helper-images'], architectures: ['x86_64'] };
const forAmd64 = [
  'gitlab-runner 16.10.0-1 amd64',
  'gitlab-runner 16.9.0-1 amd64',
  'gitlab-runner 2:16.11.0~rc1-1 amd64',
  'gitlab-runner-helper-images 16.10.0 all',
];

describe('a repository of Debian packages', () => {
  test('is read for an architecture by any of its names, with what runs anywhere', async () => {
    const server = await serve(suite(gzipped()));
    const reading = await read(source(server.url), both);
    expect(linesOf(reading)).toEqual(forAmd64);
    expect(server.paths()).toEqual([
      '/dists/bookworm/InRelease',
      '/dists/bookworm/main/binary-amd64/Packages.gz',
    ]);
    expect(packagesOf(reading).map(({ location }) => location)).toContain(
      'pool/gitlab-runner_16.11.0~rc1-1_amd64.deb',
    );
    const arm = { ...both, architectures: ['arm64', 'amd64'] };
    expect(linesOf(await read(source(server.url), arm))).toHaveLength(5);
  });

  test.each([
    ['xz', 'Packages.xz'],
    ['zstd', 'Packages.zst'],
  ])('is read where its lists are packed with %s alone', async (tool, file) => {
    const list = await packed(tool, lists.amd64);
    const { url } = await serve(suite({ [`main/binary-amd64/${file}`]: list }));
    expect(linesOf(await read(source(url), both))).toEqual(forAmd64);
  });

  test('is read where its lists are not packed', async () => {
    const files = { 'main/binary-amd64/Packages': lists.amd64 };
    const { url } = await serve({
      '/dists/bookworm/InRelease': releaseFile(files),
      '/dists/bookworm/main/binary-amd64/Packages': lists.amd64,
    });
    expect(linesOf(await read(source(url), both))).toEqual(forAmd64);
  });

  test('packed with bzip2 alone is refused by that name', async () => {
    const { url } = await serve(suite({ 'main/binary-amd64/Packages.bz2': 'BZh' }));
    const failure = await failureOf(read(source(url)));
    expect(failure).toMatchObject({ code: 'unsupported', retryable: false });
    expect(failure.message).toContain('packed with bzip2 alone');
  });

  test('is read by hash, which a sync does not replace, and without where there is none', async () => {
    const files = gzipped();
    const list = files['main/binary-amd64/Packages.gz']!;
    const byHash = `/dists/bookworm/main/binary-amd64/by-hash/SHA256/${createHash('sha256').update(list).digest('hex')}`;
    const documents: Files = {
      ...suite(files, { 'Acquire-By-Hash': 'yes' }),
      [byHash]: list,
      '/dists/bookworm/main/binary-amd64/Packages.gz': 'of the sync that is under way',
    };
    const server = await serve(documents);
    expect(linesOf(await read(source(server.url), both))).toEqual(forAmd64);
    expect(server.paths().at(-1)).toBe(byHash);
    const without = await serve(suite(files, { 'Acquire-By-Hash': 'yes' }));
    expect(linesOf(await read(source(without.url), both))).toEqual(forAmd64);
  });

  test('is read with a list of its own for what runs anywhere', async () => {
    const files: Files = {
      'main/binary-amd64/Packages.gz': gzipSync(await packagesFile(directory, ['amd64'])),
      'main/binary-all/Packages.gz': gzipSync(lists.all),
    };
    const server = await serve(suite(files));
    expect(linesOf(await read(source(server.url), both))).toEqual(forAmd64);
    const without = await serve(suite(files, { 'No-Support-for-Architecture-all': 'Packages' }));
    await read(source(without.url), both);
    expect(without.paths().join()).not.toContain('binary-all');
  });

  test('is read flat, and with a Release that has no signature in it', async () => {
    const all = await packagesFile(directory, ['amd64', 'arm64', 'all']);
    const { url } = await serve({
      '/repo/Release': releaseFile({ Packages: all }),
      '/repo/Packages': all,
    });
    const flat = { kind: 'deb', url: `${url}/repo`, suite: './', component: '' } as const;
    expect(linesOf(await read(flat, both))).toEqual(forAmd64);
  });

  test('that has not changed costs one request, also where its Release is written anew each day', async () => {
    const documents = suite(gzipped());
    const server = await serve(documents);
    const { state } = await read(source(server.url));
    server.asked.splice(0);
    const before = { before: state };
    expect(await read(source(server.url), runner, before)).toEqual({ kind: 'unchanged', state });
    expect(server.asked).toMatchObject([{ status: 304, bytes: 0 }]);

    const release = '/dists/bookworm/InRelease';
    documents[release] = String(documents[release]).replace('02 Jan', '03 Jan');
    server.paths();
    expect((await read(source(server.url), runner, before)).kind).toBe('unchanged');
    expect(server.paths()).toEqual([release]);
  });

  test('names what there is where an architecture or a component is not', async () => {
    const { url } = await serve(suite(gzipped()));
    const failure = await failureOf(read(source(url), { ...both, architectures: ['s390x'] }));
    expect(failure).toMatchObject({ code: 'unsupported', retryable: false });
    expect(failure.message).toMatch(
      /names no main\/binary-s390x\/Packages; there are main\/binary-amd64\/Packages, main\/binary-arm64/,
    );
  });

  test('is refused where there is none, and inconsistent where there was one', async () => {
    const server = await serve(suite(gzipped()));
    const { state } = await read(source(server.url));
    server.instead = (_, answer) => {
      answer.writeHead(404).end();
      return true;
    };
    expect(await failureOf(read(source(server.url)))).toMatchObject({ code: 'refused' });
    const again = read(source(server.url), runner, { before: state });
    expect(await failureOf(again)).toMatchObject({ code: 'inconsistent', retryable: true });
  });

  test.each<[what: string, change: (documents: Files) => void, message: RegExp]>([
    [
      'a list that is another one',
      (documents) => {
        documents['/dists/bookworm/main/binary-amd64/Packages.gz'] = gzipSync('');
      },
      /should have/,
    ],
    [
      'a Release that is a page',
      (documents) => {
        documents['/dists/bookworm/InRelease'] = '<html>';
      },
      /is no Release/,
    ],
    [
      'a list that is gone',
      (documents) => {
        documents['/dists/bookworm/InRelease'] = releaseFile({
          'main/binary-amd64/Packages.xz': 'x',
        });
      },
      /has none of main\/binary-amd64\/Packages\.xz, which its Release names/,
    ],
  ])('in the middle of a sync is read again, then inconsistent: %s', async (_, change, message) => {
    const documents = suite(gzipped());
    change(documents);
    const server = await serve(documents);
    const failure = await failureOf(read(source(server.url)));
    expect(failure).toMatchObject({ code: 'inconsistent', retryable: true });
    expect(failure.message).toMatch(message);
    expect(server.paths().filter((path) => path.endsWith('InRelease'))).toHaveLength(3);
  });

  test('whose Release has no SHA-256 is refused', async () => {
    const { url } = await serve({
      '/dists/bookworm/InRelease': 'Suite: old\nMD5Sum:\n 00 1 main/x\n',
    });
    expect(await failureOf(read(source(url)))).toMatchObject({ code: 'unsupported' });
  });

  test('with a version that is none is not read as one with fewer packages', async () => {
    const list = lists.amd64.replace('Version: 16.9.0-1', 'Version: a:b');
    const { url } = await serve(suite({ 'main/binary-amd64/Packages.gz': gzipSync(list) }));
    expect((await failureOf(read(source(url)))).message).toMatch(
      /gitlab-runner with the version "a:b"/,
    );
  });
});

describe('a repository of Debian packages whose key is configured', () => {
  const release = '/dists/bookworm/InRelease';
  const later = new Date(Date.now() + 86_400_000).toUTCString();

  test('is read where that key has signed it, also beside one that is not known', async () => {
    const documents = suite(gzipped(), { 'Valid-Until': later });
    const text = String(documents[release]);
    const { url } = await serve({ ...documents, [release]: await ours.clearsigned(text) });
    expect(linesOf(await read({ ...source(url), key: ours.armored }, both))).toEqual(forAmd64);
    expect(linesOf(await read({ ...source(url), key: ours.keyring }, both))).toEqual(forAmd64);
    const twice = { ...documents, [release]: await theirs.clearsigned(text, 'ours') };
    const { url: signedTwice } = await serve(twice);
    const reading = await read({ ...source(signedTwice), key: ours.armored }, both);
    expect(linesOf(reading)).toEqual(forAmd64);
    // Without a key, the same document is read for what it says.
    expect(linesOf(await read(source(url), both))).toEqual(forAmd64);
  });

  test('is read with its signature beside it', async () => {
    const { [release]: text, ...others } = suite(gzipped());
    const { url } = await serve({
      ...others,
      '/dists/bookworm/Release': text!,
      '/dists/bookworm/Release.gpg': await ours.detached(text!),
    });
    expect(linesOf(await read({ ...source(url), key: ours.armored }, both))).toEqual(forAmd64);
    const failure = await failureOf(read({ ...source(url), key: theirs.armored }, both));
    expect(failure).toMatchObject({ code: 'untrusted' });
  });

  test.each<[what: string, sign: (text: string) => Promise<string>, message: RegExp]>([
    [
      'another key has signed it',
      (text) => theirs.clearsigned(text),
      /which is not a configured key/,
    ],
    ['nobody has', (text) => Promise.resolve(text), /has no signature by a configured key/],
    [
      'it was changed after that',
      async (text) => (await ours.clearsigned(text)).replace('Suite: stable', 'Suite: sneaky'),
      /has a signature that is not of it/,
    ],
    [
      'it is of long ago',
      (text) =>
        ours.clearsigned(
          text.replace('Codename', 'Valid-Until: Tue, 02 Jan 2024 03:04:05 UTC\nCodename'),
        ),
      /was valid until 2024-01-02T03:04:05/,
    ],
  ])('is untrusted where %s', async (_, sign, message) => {
    const documents = suite(gzipped());
    const signed = await sign(String(documents[release]));
    const { url } = await serve({ ...documents, [release]: signed });
    const failure = await failureOf(read({ ...source(url), key: ours.armored }));
    expect(failure).toMatchObject({ code: 'untrusted', retryable: false });
    expect(failure.message).toMatch(message);
  });

  test('believes nothing that stands outside of what is signed', async () => {
    const documents = suite(gzipped());
    const signed = await ours.clearsigned(String(documents[release]));
    const { url } = await serve({
      ...documents,
      [release]: `Valid-Until: Tue, 02 Jan 2024 03:04:05 UTC\n${signed}`,
    });
    expect(linesOf(await read({ ...source(url), key: ours.armored }, both))).toEqual(forAmd64);
  });
});
