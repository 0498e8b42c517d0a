import { afterEach, describe, expect, test } from 'vitest';
import { AgentApi, type AgentSession, type Retry } from '../../src/buildkite/index.js';
import { jobId, noWaiting, refusalOf, registration, sessionAt } from './support/calls.js';
import { FakeServer, type Reply } from './support/fake-server.js';

let server: FakeServer;
afterEach(() => server.close());

const at = new Date('2026-03-04T05:06:07.890Z');
const job = { id: jobId };
const chunk = { sequence: 1, offset: 0, bytes: Buffer.from('x'), isFull: false };

async function apiOf(...script: Reply[]) {
  server = await FakeServer.start(...script);
  const waiting = noWaiting();
  const retries: Retry[] = [];
  const onRetry = (retry: Retry) => void retries.push(retry);
  const api = new AgentApi({ endpoint: server.endpoint, ...waiting, onRetry });
  return { api, retries, waits: waiting.waits, session: sessionAt(server.endpoint) };
}

type Call = (api: AgentApi, session: AgentSession) => Promise<unknown>;
const calls = {
  register: (api) => api.register('token', registration),
  connect: (api, session) => api.connect(session),
  disconnect: (api, session) => api.disconnect(session),
  heartbeat: (api, session) => api.heartbeat(session),
  acquire: (api, session) => api.acquireJob(session, jobId),
  accept: (api, session) => api.acceptJob(session, jobId),
  start: (api, session) => api.startJob(session, job, at),
  chunk: (api, session) => api.uploadChunk(session, job, chunk),
  finish: (api, session) => api.finishJob(session, job, { exitStatus: 0, finishedAt: at }),
} satisfies Record<string, Call>;

const times = (count: number, ms: number) => Array.from({ length: count }, () => ms);

describe('a server that fails is asked again', () => {
  const doubling = [1, 2, 4, 8, 16, 32].map((seconds) => seconds * 1000);
  const tenMinutes = [...doubling, 64_000, 120_000, 120_000, 120_000, 120_000];
  test.each<[keyof typeof calls, number[]]>([
    ['register', times(29, 10_000)],
    ['connect', times(9, 5000)],
    ['disconnect', times(3, 1000)],
    ['heartbeat', times(9, 5000)],
    ['acquire', doubling],
    ['accept', times(29, 5000)],
    ['start', doubling],
    ['chunk', tenMinutes],
    ['finish', tenMinutes],
  ])('%s', async (name, expected) => {
    const { api, session, waits } = await apiOf({ status: 503 });
    const error = await refusalOf(calls[name](api, session));
    expect(error).toMatchObject({ status: 503, retryable: true });
    expect(waits).toEqual(expected);
    expect(server.seen).toHaveLength(expected.length + 1);
  });
});

describe('a refusal is final', () => {
  test.each<[keyof typeof calls, number]>([
    ['register', 401],
    ['connect', 401],
    ['heartbeat', 401],
    ['acquire', 422],
    ['acquire', 401],
    ['accept', 404],
    ['start', 422],
    ['chunk', 400],
    ['chunk', 413],
    ['finish', 422],
    ['finish', 401],
  ])('%s, %i', async (name, status) => {
    const { api, session, waits } = await apiOf({ status, json: { message: 'not this one' } });
    const error = await refusalOf(calls[name](api, session));
    expect(error).toMatchObject({ status, retryable: false, earlierAnswerLost: false });
    expect(error.message).toContain('not this one');
    expect(waits).toEqual([]);
  });
});

describe('acquire', () => {
  test('counts its attempts for the server, from 0, while the job is locked', async () => {
    const locked: Reply = { status: 423, headers: { 'Retry-After': '2.500000' } };
    const { api, session, waits } = await apiOf(locked, locked, { status: 429 }, { json: job });
    expect(await api.acquireJob(session, jobId)).toMatchObject({ id: jobId });
    expect(server.seen.map(({ headers }) => headers['x-buildkite-backoff-sequence'])).toEqual([
      '0',
      '1',
      '2',
      '3',
    ]);
    expect(
      server.seen.every(({ headers }) => headers['x-buildkite-lock-acquire-job'] === '1'),
    ).toBe(true);
    expect(waits).toEqual([2500, 2500, 4000]);
  });

  test('ends within 330 s, however long the server asks to wait', async () => {
    const { api, session, waits } = await apiOf({
      status: 423,
      headers: { 'Retry-After': '100' },
    });
    expect(await refusalOf(api.acquireJob(session, jobId))).toMatchObject({
      status: 423,
      retryAfterMs: 100_000,
    });
    expect(waits).toEqual([100_000, 100_000, 100_000]);
  });

  test('is asked again when its answer is lost', async () => {
    const { api, session } = await apiOf('lost', { json: job });
    expect(await api.acquireJob(session, jobId)).toMatchObject({ id: jobId });
    expect(server.seen).toHaveLength(2);
  });

  test('a refusal after a lost answer says that the job may be ours', async () => {
    const { api, session } = await apiOf('lost', { status: 422 });
    expect(await refusalOf(api.acquireJob(session, jobId))).toMatchObject({
      status: 422,
      earlierAnswerLost: true,
    });
  });

  test('a refusal after being told to wait does not', async () => {
    const { api, session } = await apiOf({ status: 423 }, { status: 422 });
    expect(await refusalOf(api.acquireJob(session, jobId))).toMatchObject({
      status: 422,
      earlierAnswerLost: false,
    });
  });
});

describe('Retry-After', () => {
  test.each(['connect', 'heartbeat', 'accept', 'start', 'chunk', 'finish'] as const)(
    'is kept to by %s',
    async (name) => {
      const { api, session, waits } = await apiOf(
        { status: 429, headers: { 'Retry-After': '7' } },
        { json: job },
      );
      await calls[name](api, session);
      expect(waits).toEqual([7000]);
    },
  );

  test('may be a date', async () => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const { api, session, waits } = await apiOf(
      { status: 503, headers: { 'Retry-After': inAMinute } },
      {},
    );
    await api.connect(session);
    expect(waits[0]).toBeGreaterThan(0);
    expect(waits[0]).toBeLessThanOrEqual(60_000);
  });

  test('that is nonsense leaves the wait as it is', async () => {
    const { api, session, waits } = await apiOf(
      { status: 503, headers: { 'Retry-After': 'soon' } },
      {},
    );
    await api.connect(session);
    expect(waits).toEqual([5000]);
  });
});

test('who waits is told of it', async () => {
  const { api, session, retries } = await apiOf({ status: 500 }, 'lost', {});
  await api.connect(session);
  expect(retries.map(({ call, attempt, waitMs }) => [call, attempt, waitMs])).toEqual([
    ['Connect', 1, 5000],
    ['Connect', 2, 5000],
  ]);
});

test('waits are as long as the scale says, those the server asks for included', async () => {
  const { waits } = await apiOf(
    { status: 500 },
    { status: 429, headers: { 'Retry-After': '20' } },
    {},
  );
  const scaled = new AgentApi({
    endpoint: server.endpoint,
    retryScale: 0.1,
    wait: (ms) => Promise.resolve(void waits.push(ms)),
  });
  await scaled.connect(sessionAt(server.endpoint));
  expect(waits).toEqual([500, 2000]);
});

test('an answer that is no JSON, as a proxy sends, is asked for again', async () => {
  const { api, session } = await apiOf(
    { text: '<html>one moment</html>' },
    { json: { id: 7 } },
    { json: job },
  );
  expect(await api.acquireJob(session, jobId)).toMatchObject({ id: jobId });
});

test('a redirect is not followed but said, with where it leads', async () => {
  const { api, session } = await apiOf({
    status: 301,
    headers: { location: 'https://agent.example/v3' },
  });
  const error = await refusalOf(api.connect(session));
  expect(error).toMatchObject({ status: 301, retryable: false });
  expect(error.message).toContain('https://agent.example/v3');
});

describe('cancelling', () => {
  test('ends a call that waits for its answer', async () => {
    const { api, session } = await apiOf('hang');
    const abort = new AbortController();
    const call = api.connect(session, abort.signal);
    const ended = expect(call).rejects.toThrow('the worker stops');
    while (server.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    abort.abort(new Error('the worker stops'));
    await ended;
  });

  test('ends a wait between attempts', async () => {
    server = await FakeServer.start({ status: 503 });
    const abort = new AbortController();
    const api = new AgentApi({
      endpoint: server.endpoint,
      onRetry: () => setImmediate(() => abort.abort(new Error('the worker stops'))),
    });
    const call = api.register('token', registration, abort.signal);
    await expect(call).rejects.toThrow('the worker stops');
    expect(server.seen).toHaveLength(1);
  });

  test('before a call, it is not made', async () => {
    const { api, session } = await apiOf({});
    const aborted = AbortSignal.abort(new Error('the worker stops'));
    await expect(api.connect(session, aborted)).rejects.toThrow('the worker stops');
    expect(server.seen).toHaveLength(0);
  });
});

test('no answer in time is a failure that may pass', async () => {
  server = await FakeServer.start('hang');
  const waiting = noWaiting();
  const api = new AgentApi({ endpoint: server.endpoint, timeoutMs: 50, ...waiting });
  const error = await refusalOf(api.disconnect(sessionAt(server.endpoint)));
  expect(error).toMatchObject({ status: undefined, retryable: true });
  expect(error.message).toContain('no answer within 50 ms');
  // Not counted where they arrive: on a slow machine 50 ms are over before a call is out.
  expect(waiting.waits).toHaveLength(3);
});
