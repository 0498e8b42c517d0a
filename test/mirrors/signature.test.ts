import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Keys, type SigningKey, keysOfTest } from './support/keys.js';
import { failureOf, linesOf, read, runner } from './support/reading.js';
import { handMade } from './support/repository.js';
import { serve } from './support/server.js';
import { scratch } from './support/tools.js';

let keys: Keys;
let ours: SigningKey;
let theirs: SigningKey;

beforeAll(async () => {
  keys = await keysOfTest();
  ours = await keys.make('ours');
  theirs = await keys.make('theirs');
});
afterAll(() => keys.remove());

const repomd = '/repodata/repomd.xml';
const repository = handMade([{ version: '16.9.0' }]);

async function signedBy(key: SigningKey, signed = repository[repomd]!) {
  return { ...repository, [`${repomd}.asc`]: await key.detached(signed) };
}

describe('a repository of RPMs whose key is configured', () => {
  test('is read where that key has signed it: armored, in a file of that, or in a keyring', async () => {
    const { url } = await serve(await signedBy(ours));
    const { path, remove } = await scratch();
    const file = join(path, 'key.asc');
    await writeFile(file, ours.armored);
    for (const key of [ours.armored, ours.keyring, file, `${theirs.armored}\n${ours.armored}`])
      expect(linesOf(await read({ kind: 'rpm', url, key }))).toEqual([
        'gitlab-runner 16.9.0-1 x86_64',
      ]);
    await remove();
  });

  test('costs one request while it has not changed', async () => {
    const server = await serve(await signedBy(ours));
    const source = { kind: 'rpm', url: server.url, key: ours.armored } as const;
    const { state } = await read(source);
    server.paths();
    expect((await read(source, runner, { before: state })).kind).toBe('unchanged');
    expect(server.paths()).toEqual([repomd]);
  });

  test('is untrusted where another key has signed it', async () => {
    const { url } = await serve(await signedBy(theirs));
    const failure = await failureOf(read({ kind: 'rpm', url, key: ours.armored }));
    expect(failure).toMatchObject({ code: 'untrusted', retryable: false });
    expect(failure.message).toMatch(/repomd\.xml: is signed by [0-9A-F]{16}, which is not a/);
  });

  test('is untrusted where the signature is of something else', async () => {
    const { url } = await serve(await signedBy(ours, 'something else'));
    const failure = await failureOf(read({ kind: 'rpm', url, key: ours.armored }));
    expect(failure).toMatchObject({ code: 'untrusted' });
    expect(failure.message).toContain('has a signature that is not of it');
  });

  test('is untrusted where there is no signature, or something that is none', async () => {
    const without = await serve(repository);
    expect(
      (await failureOf(read({ kind: 'rpm', url: without.url, key: ours.armored }))).message,
    ).toMatch(/has no signature beside it, repomd\.xml\.asc/);
    const { url } = await serve({ ...repository, [`${repomd}.asc`]: 'not a signature' });
    expect(await failureOf(read({ kind: 'rpm', url, key: ours.armored }))).toMatchObject({
      code: 'untrusted',
    });
  });

  test('is read once a sync has brought the signature that fits', async () => {
    const server = await serve(await signedBy(ours));
    const early = await ours.detached('the repomd.xml of before');
    let looks = 0;
    server.instead = (path, answer) => {
      if (!path.endsWith('.asc') || looks++ > 0) return false;
      answer.end(early);
      return true;
    };
    expect(linesOf(await read({ kind: 'rpm', url: server.url, key: ours.armored }))).toHaveLength(
      1,
    );
  });

  test('is untrusted where it states nothing but SHA-1', async () => {
    const weak = String(repository[repomd]).replaceAll('"sha256"', '"sha"');
    const { url } = await serve({ [repomd]: weak, [`${repomd}.asc`]: await ours.detached(weak) });
    expect((await failureOf(read({ kind: 'rpm', url, key: ours.armored }))).message).toContain(
      'states SHA-1 of its primary.xml',
    );
  });

  test.each([
    ['/no/such/keyring.gpg', /the configured keyring can't be read: ENOENT/],
    ['-----BEGIN PGP NONSENSE-----', /the configured key holds no armored public key/],
  ])('says what is wrong with the key %s', async (key, message) => {
    const { url } = await serve(await signedBy(ours));
    const failure = await failureOf(read({ kind: 'rpm', url, key }));
    expect(failure).toMatchObject({ code: 'unsupported', retryable: false });
    expect(failure.message).toMatch(message);
  });

  test('leaves no file behind', async () => {
    const { url } = await serve(await signedBy(theirs));
    const { path, remove } = await scratch();
    onTestFinished(remove);
    vi.stubEnv('TMPDIR', path);
    await failureOf(read({ kind: 'rpm', url, key: ours.armored })).finally(vi.unstubAllEnvs);
    expect(await readdir(path)).toEqual([]);
  });

  test('says what to install where gpgv is not', async () => {
    const { url } = await serve(await signedBy(ours));
    const before = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      const failure = await failureOf(read({ kind: 'rpm', url, key: ours.armored }));
      expect(failure).toMatchObject({ code: 'unsupported', retryable: false });
      expect(failure.message).toContain('install gpgv');
    } finally {
      process.env['PATH'] = before;
    }
  });
});
