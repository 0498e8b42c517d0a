import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatEvr } from '../../src/domain/images/versions/index.js';
import { MirrorError, readMirror, type MirrorSource } from '../../src/mirrors/index.js';
import { SandboxAdmin } from '../admin-client.js';
import type { FleetInput } from '../fleet/schema.js';
import type { Sandbox } from '../index.js';
import { runner, withMirrors } from './testing.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;
afterEach(() => sandbox.close());

async function open(mirrors: NonNullable<FleetInput['mirrors']>, speed?: number) {
  sandbox = await withMirrors(mirrors, speed);
  admin = new SandboxAdmin(sandbox.url);
}

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${sandbox.url}/mirror/${path}`, { headers, redirect: 'manual' });

/** Reads a mirror as the product does, without trying again. */
async function read(source: MirrorSource, arch = 'x86_64'): Promise<string[]> {
  const reading = await readMirror(
    source,
    { names: ['gitlab-runner'], architectures: [arch] },
    { signal: new AbortController().signal, limits: { attempts: 1 } },
  );
  if (reading.kind !== 'packages') throw new Error('nothing was known of it before');
  return reading.packages.map(({ name, evr, arch: of }) => `${name} ${formatEvr(evr)} ${of}`);
}

const rpm = (): MirrorSource => ({ kind: 'rpm', url: `${sandbox.url}/mirror/el9/` });
const codeOf = (reading: Promise<unknown>) =>
  reading.then(
    () => 'read',
    (error: unknown) => (error instanceof MirrorError ? error.code : String(error)),
  );

describe('what a mirror is made up of', () => {
  const other = { name: 'other', versions: ['1.0-1'] };
  const both = { ...runner, arch: ['x86_64', 'aarch64'] };

  test.each(['gz', 'none'] as const)(
    'a repository of RPMs is read whole, packed by %s',
    async (compression) => {
      await open([{ name: 'el9', kind: 'rpm', compression, packages: [both, other] }]);
      expect(await read(rpm())).toEqual([
        'gitlab-runner 16.9.0-1 x86_64',
        'gitlab-runner 2:16.10.0~rc1-1 x86_64',
      ]);
      expect(await read(rpm(), 'aarch64')).toHaveLength(2);
    },
  );

  test.each(['gz', 'none'] as const)(
    'a repository of Debian packages is, packed by %s',
    async (compression) => {
      await open([
        {
          name: 'apt',
          kind: 'deb',
          suite: 'bookworm',
          compression,
          packages: [
            { ...runner, arch: ['amd64', 'arm64'] },
            { name: 'gitlab-runner', versions: ['16.8.0'], arch: 'all' },
          ],
        },
      ]);
      const url = `${sandbox.url}/mirror/apt/`;
      const lines = await read({ kind: 'deb', url, suite: 'bookworm', component: 'main' }, 'amd64');
      expect(lines).toEqual([
        'gitlab-runner 16.9.0-1 amd64',
        'gitlab-runner 2:16.10.0~rc1-1 amd64',
        'gitlab-runner 16.8.0 all',
      ]);
    },
  );

  test.each([
    ['rpm', 'x86_64'],
    ['deb', 'amd64'],
  ] as const)(
    'a listing names the files of %s packages, in which there is no epoch',
    async (versions, arch) => {
      await open([{ name: 'files', kind: 'html', versions, packages: [runner] }]);
      const url = `${sandbox.url}/mirror/files/`;
      expect((await read({ kind: 'html', url, versions }, arch)).sort()).toEqual([
        `gitlab-runner 16.10.0~rc1-1 ${arch}`,
        `gitlab-runner 16.9.0-1 ${arch}`,
      ]);
    },
  );

  test('what the lists name is there', async () => {
    await open([{ name: 'el9', kind: 'rpm', packages: [runner] }]);
    const answer = await get('el9/Packages/gitlab-runner-16.9.0-1.x86_64.rpm');
    expect(await answer.text()).toBe('gitlab-runner-16.9.0-1.x86_64\n');
  });

  test('what isn’t there is 404, and what isn’t read 405', async () => {
    await open([{ name: 'el9', kind: 'rpm' }]);
    for (const path of ['el9/repodata/none.xml', 'el8/repodata/repomd.xml', 'el9/'])
      expect((await get(path)).status, path).toBe(404);
    const posted = await fetch(`${sandbox.url}/mirror/el9/`, { method: 'POST' });
    expect(posted.status).toBe(405);
    const redirected = await get('el9');
    expect([redirected.status, redirected.headers.get('location')]).toEqual([301, '/mirror/el9/']);
  });
});

describe('a client that has a file already', () => {
  beforeEach(() => open([{ name: 'el9', kind: 'rpm', packages: [runner] }]));
  const repomd = 'el9/repodata/repomd.xml';

  test('is told so by its ETag, or by its time', async () => {
    const { headers } = await get(repomd);
    const etag = headers.get('etag') ?? '';
    const modified = headers.get('last-modified') ?? '';
    const statusOf = async (of: Record<string, string>) => (await get(repomd, of)).status;
    expect(await statusOf({ 'if-none-match': etag })).toBe(304);
    expect(await statusOf({ 'if-none-match': `"other", W/${etag}` })).toBe(304);
    expect(await statusOf({ 'if-none-match': '"other"' })).toBe(200);
    expect(await statusOf({ 'if-modified-since': modified })).toBe(304);
    expect(await statusOf({ 'if-modified-since': new Date(0).toUTCString() })).toBe(200);
    // The tag decides where there are both.
    expect(await statusOf({ 'if-none-match': '"other"', 'if-modified-since': modified })).toBe(200);
  });

  test('gets another once packages have come or gone, and the same where none has', async () => {
    const etagOf = async () => (await get(repomd)).headers.get('etag');
    const first = await etagOf();
    sandbox.clock.skip(60);
    await admin.addPackages('el9', [runner]);
    expect(await etagOf()).toBe(first);
    await admin.addPackages('el9', [{ name: 'gitlab-runner', versions: ['16.11.0-1'] }]);
    const second = await etagOf();
    expect(second).not.toBe(first);
    await admin.removePackages('el9', [{ name: 'gitlab-runner', versions: ['16.11.0-1'] }]);
    expect(await etagOf()).not.toBe(second);
  });
});

test('packages come and go while it runs', async () => {
  await open([{ name: 'el9', kind: 'rpm', packages: [runner] }]);
  const view = await admin.addPackages('el9', [
    { name: 'gitlab-runner', versions: ['16.11.0-1'], arch: ['x86_64', 'aarch64'] },
  ]);
  expect(view.packages).toContainEqual({
    name: 'gitlab-runner',
    evr: '16.11.0-1',
    arch: 'aarch64',
  });
  expect(await read(rpm())).toContain('gitlab-runner 16.11.0-1 x86_64');
  await admin.removePackages('el9', [{ name: 'gitlab-runner', arch: 'x86_64' }]);
  expect(await read(rpm())).toEqual([]);
  expect(await read(rpm(), 'aarch64')).toEqual(['gitlab-runner 16.11.0-1 aarch64']);
  expect(await admin.mirrors()).toMatchObject([
    { name: 'el9', kind: 'rpm', path: '/mirror/el9/', state: { kind: 'whole' } },
  ]);
});

describe('a mirror in the middle of a sync', () => {
  beforeEach(() => open([{ name: 'el9', kind: 'rpm', packages: [runner] }]));
  const newer = { name: 'gitlab-runner', versions: ['16.11.0-1'] };

  test.each(['missing', 'older'] as const)('names a list that is %s', async (list) => {
    await admin.setMirror('el9', { kind: 'midSync', list });
    await admin.addPackages('el9', [newer]);
    expect(await codeOf(read(rpm()))).toBe('inconsistent');
    await admin.setMirror('el9', { kind: 'whole' });
    expect(await read(rpm())).toContain('gitlab-runner 16.11.0-1 x86_64');
  });

  test('has a list of another checksum even where there was none before', async () => {
    await admin.setMirror('el9', { kind: 'midSync', list: 'older' });
    expect(await codeOf(read(rpm()))).toBe('inconsistent');
  });

  test('is whole again after so many seconds', async () => {
    await admin.setMirror('el9', { kind: 'midSync', seconds: 60 });
    sandbox.clock.skip(59);
    expect(await codeOf(read(rpm()))).toBe('inconsistent');
    sandbox.clock.skip(2);
    expect(await codeOf(read(rpm()))).toBe('read');
    expect(await admin.mirrors()).toMatchObject([{ state: { kind: 'whole' } }]);
  });

  test('or after so many requests for the list', async () => {
    await admin.setMirror('el9', { kind: 'midSync', requests: 2 });
    const codes = [];
    for (let count = 0; count < 3; count++) codes.push(await codeOf(read(rpm())));
    expect(codes).toEqual(['inconsistent', 'inconsistent', 'read']);
  });

  test('is so for Debian packages, too', async () => {
    await sandbox.close();
    await open([{ name: 'apt', kind: 'deb', suite: 'stable', packages: [runner] }]);
    const source = {
      kind: 'deb' as const,
      url: `${sandbox.url}/mirror/apt`,
      suite: 'stable',
      component: 'main',
    };
    for (const list of ['missing', 'older'] as const) {
      await admin.setMirror('apt', { kind: 'midSync', list });
      expect(await codeOf(read(source, 'amd64')), list).toBe('inconsistent');
    }
  });
});

describe('a mirror that is half there', () => {
  test('has half a file, or breaks the connection half way', async () => {
    await open([{ name: 'el9', kind: 'rpm', packages: [runner], compression: 'none' }]);
    await admin.setMirror('el9', { kind: 'half' });
    expect(await codeOf(read(rpm()))).toBe('inconsistent');
    await admin.setMirror('el9', { kind: 'half', connection: 'breaks' });
    expect(await codeOf(read(rpm()))).toBe('unavailable');
  });

  test('has half a listing', async () => {
    await open([{ name: 'files', kind: 'html', packages: [runner], state: { kind: 'half' } }]);
    const page = await (await get('files/')).text();
    expect(page).toMatch(/^<!DOCTYPE html>/);
    expect(page).not.toContain('</html>');
  });
});

test('a mirror may be down, for as long as it is to be', async () => {
  await open([{ name: 'el9', kind: 'rpm', packages: [runner] }]);
  await admin.setMirror('el9', { kind: 'down', requests: 1 });
  expect(await codeOf(read(rpm()))).toBe('unavailable');
  expect(await codeOf(read(rpm()))).toBe('read');
});

test('a mirror with a login is read by whoever gives it', async () => {
  await open([{ name: 'el9', kind: 'rpm', packages: [runner], login: 'reader:geheim' }]);
  const path = `${sandbox.url}/mirror/el9/repodata/repomd.xml`;
  const statusFor = async (login: string) => {
    const headers = { authorization: `Basic ${btoa(login)}` };
    return (await fetch(path, { headers })).status;
  };
  const stranger = await fetch(path);
  expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([
    401,
    'Basic realm="packages", charset="UTF-8"',
  ]);
  expect(await statusFor('reader:wrong')).toBe(401);
  expect(await statusFor('reader:geheim')).toBe(200);
  expect(JSON.stringify(await admin.mirrors())).not.toContain('geheim');
});

describe('a slow mirror', () => {
  const state = { kind: 'slow' as const, bytesPerSecond: 5000 };

  test('takes as long as its bytes need, in sandbox time', async () => {
    await open([{ name: 'el9', kind: 'rpm', packages: [runner], state }], 10);
    const began = performance.now();
    const bytes = Buffer.from(await (await get('el9/repodata/repomd.xml')).arrayBuffer());
    const seconds = (performance.now() - began) / 1000;
    expect(bytes.toString()).toContain('</repomd>');
    // A slow machine makes it slower, never faster.
    expect(seconds).toBeGreaterThan((bytes.length / 50_000) * 0.8);
  });

  test('keeps nobody waiting who has gone, nor the sandbox from closing', async () => {
    await open([{ name: 'el9', kind: 'rpm', packages: [runner], state }]);
    const leaving = new AbortController();
    const answer = await fetch(`${sandbox.url}/mirror/el9/repodata/repomd.xml`, {
      signal: leaving.signal,
    });
    leaving.abort();
    await expect(answer.text()).rejects.toThrow();
    const waiting = await get('el9/repodata/repomd.xml');
    const text = waiting.text();
    void text.catch(() => undefined);
    await sandbox.close();
    await expect(text).rejects.toThrow();
    await open([]);
  });
});

describe('mirrors in the ledger and among the faults', () => {
  beforeEach(() => open([{ name: 'el9', kind: 'rpm', packages: [runner] }]));

  test('each request is an action of the service mirror, about a file', async () => {
    await read(rpm());
    expect(await admin.ledger({ service: 'mirror' })).toMatchObject([
      { action: 'GetRepomd', subject: 'el9/repodata/repomd.xml', outcome: 'ok' },
      { action: 'GetPrimary', outcome: 'ok' },
    ]);
    await get('el9/none');
    expect(await admin.ledger({ action: 'GetFile' })).toMatchObject([{ outcome: '404' }]);
  });

  test('it is throttled, loses answers and shows what was', async () => {
    await admin.setFaults([{ kind: 'throttle', share: 1, service: 'mirror' }]);
    const throttled = await get('el9/repodata/repomd.xml');
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '1']);
    await admin.setFaults([{ kind: 'loseResponse', share: 1, service: 'mirror' }]);
    await expect(get('el9/repodata/repomd.xml')).rejects.toThrow();
    await admin.setFaults([{ kind: 'staleRead', share: 1, seconds: 60, service: 'mirror' }]);
    sandbox.clock.skip(3600);
    await admin.addPackages('el9', [{ name: 'gitlab-runner', versions: ['16.11.0-1'] }]);
    expect(await read(rpm())).not.toContain('gitlab-runner 16.11.0-1 x86_64');
    sandbox.clock.skip(61);
    expect(await read(rpm())).toContain('gitlab-runner 16.11.0-1 x86_64');
  });
});

test.each([
  [
    'a mirror that is not there',
    () => admin.setMirror('el8', { kind: 'half' }),
    /no mirror "el8"; there are el9, files/,
  ],
  [
    'a package that is not there',
    () => admin.removePackages('el9', [{ name: 'none' }]),
    /has no none/,
  ],
  [
    'an RPM without a release',
    () => admin.addPackages('el9', [{ name: 'a', versions: ['1.0'] }]),
    /"1.0" needs a release, as in 1.0-1/,
  ],
  [
    'a sync of a page',
    () => admin.setMirror('files', { kind: 'midSync' }),
    /a page has no checksums/,
  ],
])('%s is refused', async (_, call, message) => {
  await open([
    { name: 'el9', kind: 'rpm' },
    { name: 'files', kind: 'html' },
  ]);
  await expect(call()).rejects.toThrow(message);
});
