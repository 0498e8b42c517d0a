import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SandboxAdmin } from '../admin-client.js';
import type { Sandbox } from '../index.js';
import { buildkiteSandbox, TestAgent, uuid } from './testing.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;
let agent: TestAgent;

beforeEach(async () => {
  sandbox = await buildkiteSandbox({ chunkBytes: 1000, logMaxBytes: 2500, jobs: [{ uuid }] });
  admin = new SandboxAdmin(sandbox.url);
  agent = await TestAgent.connect(sandbox);
  await agent.begin(uuid);
});
afterEach(() => sandbox.close());

const headers = { 'content-type': 'text/plain', 'content-encoding': 'gzip' };
const logOf = async () => (await admin.buildkiteJob(uuid)).log;

test('chunks may come in any order', async () => {
  await agent.chunk(uuid, 3, 8, 'three');
  expect(await logOf()).toMatchObject({
    gaps: [{ before: 3, count: 8 }],
    missing: [{ before: 3, count: 2 }],
  });
  await agent.chunk(uuid, 1, 0, 'one ');
  await agent.chunk(uuid, 2, 4, 'two ');
  expect(await admin.buildkiteJobLog(uuid)).toBe('one two three');
  expect(await logOf()).toEqual({
    bytes: 13,
    sha256: createHash('sha256').update('one two three').digest('hex'),
    chunks: 3,
    repeats: 0,
    conflicts: 0,
    gaps: [],
    overlaps: [],
    missing: [],
  });
});

test('a chunk that comes again is fine; with other content it is a conflict, and the first stands', async () => {
  await agent.chunk(uuid, 1, 0, 'first');
  expect((await agent.chunk(uuid, 1, 0, 'first')).status).toBe(200);
  expect(await logOf()).toMatchObject({ bytes: 5, repeats: 1, conflicts: 0 });
  expect((await agent.chunk(uuid, 1, 0, 'other')).status).toBe(200);
  expect((await agent.chunk(uuid, 1, 3, 'first')).status).toBe(200);
  expect(await logOf()).toMatchObject({ bytes: 5, chunks: 1, repeats: 1, conflicts: 2 });
  expect(await admin.buildkiteJobLog(uuid)).toBe('first');
  expect(await admin.ledger({ action: 'UploadChunk', effective: true })).toHaveLength(1);
});

test('bytes that are left out, or claimed twice, can be seen', async () => {
  await agent.chunk(uuid, 1, 0, 'abcd');
  await agent.chunk(uuid, 2, 10, 'efgh');
  await agent.chunk(uuid, 3, 12, 'ijkl');
  expect(await logOf()).toMatchObject({
    gaps: [{ before: 2, count: 6 }],
    overlaps: [{ before: 3, count: 2 }],
    missing: [],
  });
});

test('the digest of a log stays right while it grows', async () => {
  let whole = '';
  for (let sequence = 1; sequence <= 5; sequence++) {
    const text = `chunk ${sequence}\n`;
    await agent.chunk(uuid, sequence, whole.length, text);
    whole += text;
    expect((await logOf()).sha256).toBe(createHash('sha256').update(whole).digest('hex'));
  }
});

describe('a chunk is refused', () => {
  const path = (query: string) => `/jobs/${uuid}/chunks?${query}`;
  const right = 'sequence=1&offset=0&size=5';

  test.each([
    ['without gzip', right, { headers: { 'content-type': 'text/plain' }, body: 'hello' }, /gzip/],
    [
      'as another type',
      right,
      { headers: { ...headers, 'content-type': 'application/json' } },
      /text\/plain/,
    ],
    ['that is no gzip', right, { body: 'hello' }, /no gzip/],
    ['that is empty', right, { body: '' }, /Missing chunk/],
    [
      'with another size',
      'sequence=1&offset=0&size=4',
      {},
      /5 bytes uncompressed, and size says 4/,
    ],
    ['of sequence 0', 'sequence=0&offset=0&size=5', {}, /sequence must be a whole number from 1/],
    ['without a sequence', 'offset=0&size=5', {}, /sequence/],
    ['of a negative offset', 'sequence=1&offset=-1&size=5', {}, /offset/],
  ])(
    '%s',
    async (_what, query, wrong: { headers?: Record<string, string>; body?: string }, message) => {
      const body = wrong.body === undefined ? gzipSync('hello') : Buffer.from(wrong.body);
      const answer = await agent.call('POST', path(query), {
        body,
        headers: wrong.headers ?? headers,
      });
      expect(answer.status).toBe(400);
      expect(answer.message).toMatch(message);
      expect(await logOf()).toMatchObject({ chunks: 0 });
      expect((await admin.buildkiteJob(uuid)).refusals).toHaveLength(1);
    },
  );

  test('that is larger than the job allows, whatever it says of its size', async () => {
    expect((await agent.chunk(uuid, 1, 0, 'x'.repeat(1000))).status).toBe(200);
    expect(await agent.chunk(uuid, 2, 1000, 'x'.repeat(1001))).toMatchObject({
      status: 413,
      message: 'A chunk has at most 1000 bytes uncompressed',
    });
    const lying = { body: gzipSync('x'.repeat(1_000_000)), headers };
    expect((await agent.call('POST', path('sequence=2&offset=1000&size=9'), lying)).status).toBe(
      413,
    );
  });

  test('beyond the largest log', async () => {
    await agent.chunk(uuid, 1, 0, 'x'.repeat(1000));
    await agent.chunk(uuid, 2, 1000, 'x'.repeat(1000));
    expect(await agent.chunk(uuid, 3, 2000, 'x'.repeat(501))).toMatchObject({
      status: 400,
      message: /at most 2500/,
    });
    expect((await agent.chunk(uuid, 3, 2000, 'x'.repeat(500))).status).toBe(200);
    expect((await agent.chunk(uuid, 1, 0, 'x'.repeat(1000))).status).toBe(200);
  });

  test('once the job has ended: the tail of its log is lost', async () => {
    await agent.chunk(uuid, 1, 0, 'head');
    await agent.finish(uuid);
    expect(await agent.chunk(uuid, 2, 4, 'tail')).toMatchObject({
      status: 400,
      message: "Job can't have chunks",
    });
    expect(await admin.buildkiteJob(uuid)).toMatchObject({
      bytesAtFinish: 4,
      log: { bytes: 4 },
      refusals: [{ action: 'UploadChunk', status: 400, why: "Job can't have chunks" }],
    });
  });

  test('before the job has started, and from another agent', async () => {
    const { uuid: unstarted } = await admin.createBuildkiteJob({});
    const other = await TestAgent.connect(sandbox);
    await other.acquire(unstarted);
    expect(await other.chunk(unstarted, 1, 0, 'early')).toMatchObject({ status: 400 });
    expect((await other.chunk(uuid, 1, 0, 'not mine')).status).toBe(404);
  });
});
