import { describe, expect, test } from 'vitest';
import { defaultLimits, readMirror } from '../../src/mirrors/index.js';
import { redirected } from '../../src/mirrors/http/redirect.js';
import { failureOf, linesOf, read, runner } from './support/reading.js';
import { handMade, handMadeOf, primaryXml } from './support/repository.js';
import { serve } from './support/server.js';

const repository = handMade([{ version: '16.9.0' }]);
const repomd = '/repodata/repomd.xml';

describe('a mirror is asked', () => {
  test('by name, and for bytes as they are: a packed file is not unpacked on the way', async () => {
    const server = await serve(repository);
    server.instead = (path, answer) => {
      // As servers do that take every .gz for a page that they have packed themselves.
      if (path !== repomd) answer.setHeader('Content-Encoding', 'gzip');
      return false;
    };
    await read({ kind: 'rpm', url: server.url }, runner, { userAgent: 'nightshift/1.2.3' });
    for (const { headers } of server.asked)
      expect(headers).toMatchObject({
        'user-agent': 'nightshift/1.2.3',
        'accept-encoding': 'identity',
      });
  });

  test('with the login, which no other host is told, and no error', async () => {
    const elsewhere = await serve(repository);
    const server = await serve({});
    server.instead = (path, answer, { headers }) => {
      const isKnown = headers.authorization === `Basic ${btoa('me:p@ss')}`;
      answer.writeHead(isKnown ? 302 : 401, { Location: `${elsewhere.url}${path}` }).end();
      return true;
    };
    const source = { kind: 'rpm', url: server.url } as const;
    expect(linesOf(await read(source, runner, { login: 'me:p@ss' }))).toHaveLength(1);
    expect(elsewhere.asked.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      undefined,
    ]);
    const failure = await failureOf(read(source, runner, { login: 'me:secret' }));
    expect(failure).toMatchObject({ code: 'refused', status: 401, retryable: false });
    expect(failure.message).toMatch(/repomd\.xml: answered 401$/);
    expect(`${failure.message} ${failure.url} ${failure.stack ?? ''}`).not.toContain('secret');
  });

  test('where it redirects to, and no further than ten times', async () => {
    const server = await serve(repository);
    server.instead = (path, answer) => {
      if (path !== '/old/repodata/repomd.xml') return false;
      answer.writeHead(301, { Location: '/repodata/repomd.xml' }).end();
      return true;
    };
    // What repomd.xml names is still below the source, which leads there, too.
    const failure = await failureOf(read({ kind: 'rpm', url: `${server.url}/old` }));
    expect(failure.code).toBe('inconsistent');
    server.instead = (path, answer) => {
      answer.writeHead(302, { Location: path }).end();
      return true;
    };
    server.paths();
    expect(await failureOf(read({ kind: 'rpm', url: server.url }))).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/redirects more than 10 times/) as string,
    });
    expect(server.paths()).toHaveLength(11);
  });
});

describe('a redirect', () => {
  const url = new URL('https://mirror.example/el9/repodata/repomd.xml');

  test.each([
    ['/other/repomd.xml', 'https://mirror.example/other/repomd.xml'],
    ['https://cdn.example/repomd.xml', 'https://cdn.example/repomd.xml'],
  ])('to %s is followed', (location, to) => {
    expect(redirected(url, location).href).toBe(to);
  });

  test.each([
    ['http://mirror.example/el9/repodata/repomd.xml', /redirects from https to http/],
    [undefined, /redirects without saying where to/],
    ['file:///etc/passwd', /must lead to a URL of http or https/],
  ])('to %s is not', (location, message) => {
    expect(() => redirected(url, location)).toThrow(message);
  });
});

describe('a mirror that fails', () => {
  test.each([
    [500, 'unavailable', true],
    [503, 'unavailable', true],
    [429, 'unavailable', true],
    [403, 'refused', false],
    [206, 'refused', false],
  ] as const)('with %i is %s', async (status, code, retryable) => {
    const server = await serve({});
    server.instead = (_, answer) => {
      answer.writeHead(status).end('no');
      return true;
    };
    expect(await failureOf(read({ kind: 'rpm', url: server.url }))).toMatchObject({
      code,
      retryable,
      message: expect.stringContaining(`answered ${status}`) as string,
    });
    expect(server.asked).toHaveLength(1);
  });

  test('by not being there is unavailable', async () => {
    const failure = await failureOf(read({ kind: 'rpm', url: 'http://127.0.0.1:1/' }));
    expect(failure).toMatchObject({ code: 'unavailable', retryable: true });
    expect(failure.message).toContain('ECONNREFUSED');
  });

  test('by breaking off is unavailable, not a shorter list', async () => {
    const server = await serve(repository);
    server.instead = (path, answer) => {
      if (path === repomd) return false;
      answer.writeHead(200, { 'Content-Length': 5000 });
      answer.write('short', () => answer.destroy());
      return true;
    };
    expect(await failureOf(read({ kind: 'rpm', url: server.url }))).toMatchObject({
      code: 'unavailable',
    });
  });

  test.each(['before', 'in'])('by sending nothing %s its answer is unavailable', async (when) => {
    const server = await serve(repository);
    server.instead = (_, answer) => {
      if (when === 'in') answer.writeHead(200).write('<repomd>');
      return true;
    };
    const failure = await failureOf(
      read({ kind: 'rpm', url: server.url }, runner, { limits: { idleMs: 50 } }),
    );
    expect(failure).toMatchObject({ code: 'unavailable', retryable: true });
  });

  test.each(['ftp://mirror.example/', 'mirror.example', ''])(
    'to be at a URL of http or https is refused: %j',
    async (url) => {
      expect(await failureOf(read({ kind: 'rpm', url }))).toMatchObject({ code: 'unsupported' });
    },
  );
});

describe('a reading that is cancelled', () => {
  test('ends with the reason that was given, wherever it is', async () => {
    const server = await serve(repository);
    const reason = new Error('the worker stops');
    const stop = new AbortController();
    server.instead = (path, answer) => {
      if (path === repomd) return false;
      answer.writeHead(200, { 'Content-Length': 5000 });
      answer.write('some', () => setImmediate(() => stop.abort(reason)));
      return true;
    };
    const cancelled = { signal: stop.signal };
    const source = { kind: 'rpm', url: server.url } as const;
    await expect(readMirror(source, runner, cancelled)).rejects.toBe(reason);
    await expect(readMirror(source, runner, cancelled)).rejects.toBe(reason);
  });

  test('does not wait for a sync to end', async () => {
    const server = await serve({ [repomd]: repository[repomd]! });
    const stop = new AbortController();
    server.instead = (path) => {
      if (path !== repomd) setImmediate(() => stop.abort());
      return false;
    };
    await expect(
      readMirror({ kind: 'rpm', url: server.url }, runner, {
        signal: stop.signal,
        limits: { retryWaitMs: 3_600_000 },
      }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('what a mirror may send', () => {
  const versions = Array.from({ length: 30 }, (_, index) => ({ version: `1.${index}` }));
  test.each([
    ['documentBytes', 100, /repomd\.xml: is longer than 100 bytes/],
    ['compressedBytes', 100, /is longer than 100 bytes/],
    ['openBytes', 1000, /\(unpacked\): is longer than 1000 bytes/],
    ['packages', 29, /has more than 29 versions of gitlab-runner/],
  ] as const)('has a limit: %s', async (limit, value, message) => {
    expect(defaultLimits[limit]).toBeGreaterThan(value);
    const server = await serve(handMade(versions));
    const source = { kind: 'rpm', url: server.url } as const;
    const failure = await failureOf(read(source, runner, { limits: { [limit]: value } }));
    expect(failure).toMatchObject({ code: 'unsupported', retryable: false });
    expect(failure.message).toMatch(message);
  });

  test('can’t be a gigabyte in some kilobytes of zstd, unpacked at once', async () => {
    // A frame of blocks that each repeat one byte 131,072 times (RFC 8878, 3.1.1).
    const block = [0x02, 0x00, 0x10, 0x20];
    const frame = [
      0x28,
      0xb5,
      0x2f,
      0xfd,
      0x00,
      0x38,
      ...Array.from({ length: 8000 }, () => block).flat(),
    ];
    const server = await serve(handMadeOf('never compared', Buffer.from(frame)));
    const failure = await failureOf(read({ kind: 'rpm', url: server.url }));
    expect(failure.message).toContain("can't be unpacked: unpacks to a thousand times its length");
  });

  test('has no entities of its own', async () => {
    const open = primaryXml([{ version: '1.0' }])
      .replace('<metadata', '<!DOCTYPE metadata [<!ENTITY a "gitlab-runner">]>\n<metadata')
      .replace('<name>gitlab-runner', '<name>&a;');
    const server = await serve(handMadeOf(open));
    expect((await failureOf(read({ kind: 'rpm', url: server.url }))).message).toContain(
      'undefined entity',
    );
  });
});
