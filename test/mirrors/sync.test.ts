import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { mirrorStateSchema } from '../../src/domain/images/mirror-state-schema.js';
import { failureOf, linesOf, read, runner } from './support/reading.js';
import { handMade, handMadeOf, primaryXml, repomdXml } from './support/repository.js';
import { serve } from './support/server.js';

const old = handMade([{ version: '16.9.0' }]);
const fresh = handMade([{ version: '16.9.0' }, { version: '16.10.0' }]);
const repomd = '/repodata/repomd.xml';
const primaryOf = (repository: Readonly<Record<string, string | Buffer>>) =>
  Object.keys(repository).find((path) => path.includes('primary'))!;

describe('a mirror that has not changed', () => {
  test('costs one small request, answered 304', async () => {
    const server = await serve(old);
    const source = { kind: 'rpm', url: server.url } as const;
    const { state } = await read(source);
    expect(server.paths()).toEqual([repomd, primaryOf(old)]);

    expect(await read(source, runner, { before: state })).toEqual({ kind: 'unchanged', state });
    const [only, ...others] = server.asked;
    expect(others).toEqual([]);
    expect(only).toMatchObject({ path: repomd, status: 304, bytes: 0 });
    expect(JSON.stringify(state).length).toBeLessThan(300);
    expect(mirrorStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test('is told by its primary where the server has no validators', async () => {
    const server = await serve(old);
    server.hasEtags = false;
    const source = { kind: 'rpm', url: server.url } as const;
    const { state } = await read(source);
    expect(state).not.toHaveProperty('etag');
    server.paths();
    expect(await read(source, runner, { before: state })).toEqual({ kind: 'unchanged', state });
    expect(server.paths()).toEqual([repomd]);
  });

  test('is told by its primary where only repomd.xml is written anew, and the new validator is kept', async () => {
    const content = { ...old };
    const server = await serve(content);
    const source = { kind: 'rpm', url: server.url } as const;
    const { state } = await read(source);
    content[repomd] = `${String(content[repomd])}<!-- again -->`;
    const again = await read(source, runner, { before: state });
    expect(again.kind).toBe('unchanged');
    expect(again.state.etag).not.toBe(state.etag);
    expect(again.state.checksum).toBe(state.checksum);
  });

  test('is asked for with the date it was changed where there is no other validator', async () => {
    const changed = 'Tue, 02 Jan 2024 03:04:05 GMT';
    const server = await serve(old);
    server.hasEtags = false;
    server.instead = (path, answer, request) => {
      if (path !== repomd) return false;
      answer.setHeader('Last-Modified', changed);
      if (request.headers['if-modified-since'] !== changed) return false;
      answer.writeHead(304).end();
      return true;
    };
    const source = { kind: 'rpm', url: server.url } as const;
    const { state } = await read(source);
    expect(state.lastModified).toBe(changed);
    expect(await read(source, runner, { before: state })).toEqual({ kind: 'unchanged', state });
  });

  test('is read again for other wishes: what was known is not of them', async () => {
    const server = await serve(
      handMade([{ version: '16.9.0' }, { name: 'other', version: '1.0' }]),
    );
    const source = { kind: 'rpm', url: server.url } as const;
    const { state } = await read(source);
    const both = { ...runner, names: ['gitlab-runner', 'other'] };
    expect(linesOf(await read(source, both, { before: state }))).toHaveLength(2);
    const arm = { ...runner, architectures: ['aarch64'] };
    expect(linesOf(await read(source, arm, { before: state }))).toEqual([]);
  });

  test('is a new reading once it has changed', async () => {
    const content = { ...old };
    const server = await serve(content);
    const source = { kind: 'rpm', url: server.url } as const;
    const { state } = await read(source);
    Object.assign(content, fresh);
    const reading = await read(source, runner, { before: state });
    expect(linesOf(reading)).toHaveLength(2);
    expect(reading.state.checksum).not.toBe(state.checksum);
  });
});

describe('a mirror in the middle of a sync', () => {
  test('is read again from repomd.xml once a primary it names is gone', async () => {
    const server = await serve({ ...fresh });
    let looks = 0;
    // The first look finds the repomd.xml of before, whose primary has been deleted already.
    server.instead = (path, answer) => {
      if (path !== repomd || looks++ > 0) return false;
      answer.end(old[repomd]);
      return true;
    };
    expect(linesOf(await read({ kind: 'rpm', url: server.url }))).toHaveLength(2);
    expect(server.asked.map(({ path }) => path)).toEqual([
      repomd,
      primaryOf(old),
      repomd,
      primaryOf(fresh),
    ]);
    expect(server.asked[0]?.headers['cache-control']).toBeUndefined();
    expect(server.asked[2]?.headers['cache-control']).toBe('no-cache');
  });

  test('is read again once a primary is another one than repomd.xml says', async () => {
    const server = await serve({ ...fresh });
    let looks = 0;
    server.instead = (path, answer) => {
      if (path !== primaryOf(fresh) || looks++ > 0) return false;
      answer.end(old[primaryOf(old)]);
      return true;
    };
    expect(linesOf(await read({ kind: 'rpm', url: server.url }))).toHaveLength(2);
  });

  test('that does not end is inconsistent, after as many attempts as configured, and no list at all', async () => {
    const server = await serve({ [repomd]: fresh[repomd]! });
    const failure = await failureOf(
      read({ kind: 'rpm', url: server.url }, runner, { limits: { attempts: 4 } }),
    );
    expect(failure).toMatchObject({ code: 'inconsistent', retryable: true });
    expect(failure.message).toContain('is not there, though repomd.xml names it');
    expect(server.paths().filter((path) => path === repomd)).toHaveLength(4);
  });

  test('is inconsistent where repomd.xml is gone that was there before, refused where it never was', async () => {
    const server = await serve(old);
    const source = { kind: 'rpm', url: server.url } as const;
    const { state } = await read(source);
    server.instead = (_, answer) => {
      answer.writeHead(404).end();
      return true;
    };
    server.paths();
    expect(await failureOf(read(source, runner, { before: state }))).toMatchObject({
      code: 'inconsistent',
    });
    expect(server.paths()).toHaveLength(3);
    expect(await failureOf(read(source))).toMatchObject({ code: 'refused', retryable: false });
    expect(server.paths()).toHaveLength(1);
  });

  const open = primaryXml([{ version: '16.9.0' }]);
  const bytes = gzipSync(open);
  const location = 'repodata/primary.xml.gz';
  const described = (change: (xml: string) => string) => ({
    [repomd]: change(repomdXml({ bytes, open, location })),
    [`/${location}`]: bytes,
  });
  const broken = Buffer.from(bytes);
  broken[broken.length >> 1]! ^= 0xff;
  const cut = open.slice(0, -20);
  test.each<[what: string, repository: Record<string, string | Buffer>, message: RegExp]>([
    [
      'a primary that is longer than stated',
      described((xml) => xml.replace(/<size>\d+/, `<size>${bytes.length - 1}`)),
      /is longer than the \d+ bytes it should have/,
    ],
    [
      'a primary that is shorter than stated',
      described((xml) => xml.replace(/<size>\d+/, `<size>${bytes.length + 1}`)),
      /has \d+ bytes and should have \d+/,
    ],
    [
      'another open checksum',
      described((xml) => xml.replace(/(<open-checksum type="sha256">)\w{4}/, '$1dead')),
      /\(unpacked\): has the sha256 \w{64}, and dead\w{60} was expected/,
    ],
    [
      'another open size',
      described((xml) => xml.replace(/<open-size>\d+/, '<open-size>5')),
      /\(unpacked\): is longer than the 5 bytes/,
    ],
    ['a primary that can’t be unpacked', handMadeOf(open, broken), /can't be unpacked|has the sha/],
    ['a primary that breaks off', handMadeOf(cut), /is broken XML/],
    [
      'a primary that is something else',
      handMadeOf('<html></html>'),
      /is no primary\.xml: it begins with <html>/,
    ],
    [
      'a primary that is not UTF-8',
      handMadeOf(Buffer.from([0x3c, 0x61, 0xff, 0x3e])),
      /is not UTF-8/,
    ],
    [
      'a package without a version',
      handMadeOf(open.replace('ver="16.9.0"', '')),
      /has a gitlab-runner\.x86_64 without a version/,
    ],
    [
      'an epoch that is none',
      handMadeOf(open.replace('epoch="0"', 'epoch="x"')),
      /without a version: {"epoch":"x"/,
    ],
    [
      'a repomd.xml that breaks off',
      described((xml) => xml.slice(0, 300)),
      /repomd\.xml: is broken XML/,
    ],
    [
      'a page in place of repomd.xml',
      described(() => '<html><p>Log in</p></html>'),
      /is no repomd\.xml/,
    ],
    [
      'no checksum',
      described((xml) => xml.replace(/<checksum.*\/checksum>/, '')),
      /without location or checksum/,
    ],
  ])('is not read as one with fewer packages: %s', async (_, repository, message) => {
    const server = await serve(repository);
    const failure = await failureOf(read({ kind: 'rpm', url: server.url }));
    expect(failure.message).toMatch(message);
    expect(failure.code).toBe('inconsistent');
    expect(server.paths().filter((path) => path === repomd)).toHaveLength(3);
  });

  test.each<[what: string, repository: Record<string, string | Buffer>, message: RegExp]>([
    [
      'a checksum that proves nothing',
      described((xml) => xml.replace('<checksum type="sha256"', '<checksum type="md5"')),
      /of the type "md5"; read are/,
    ],
    [
      'a primary on another host',
      described((xml) => xml.replace(location, 'http://192.0.2.1/primary.xml')),
      /must be on the same host/,
    ],
    ['zchunk', handMadeOf(open, Buffer.from('\0ZCK1 and so on')), /is packed with zchunk/],
  ])('is not tried again for what stays as it is: %s', async (_, repository, message) => {
    const server = await serve(repository);
    const failure = await failureOf(read({ kind: 'rpm', url: server.url }));
    expect(failure).toMatchObject({ code: 'unsupported', retryable: false });
    expect(failure.message).toMatch(message);
    expect(server.paths().filter((path) => path === repomd)).toHaveLength(1);
  });
});
