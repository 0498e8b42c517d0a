import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { AgentApi } from '../../src/buildkite/index.js';
import { jobId, noWaiting, refusalOf, registration, sessionAt } from './support/calls.js';
import { FakeServer, type Reply } from './support/fake-server.js';

let server: FakeServer;
afterEach(() => server.close());

const registered = { id: 'agent-1', access_token: 'access-token' };
const at = new Date('2026-03-04T05:06:07.890Z');

async function apiOf(...script: Reply[]) {
  server = await FakeServer.start(...script);
  const waiting = noWaiting();
  const api = new AgentApi({ endpoint: server.endpoint, ...waiting });
  return { api, ...waiting, session: sessionAt(server.endpoint) };
}

describe('register', () => {
  test('shows the registration token and says what the agent is', async () => {
    const { api } = await apiOf({ json: registered });
    await api.register('registration-token', registration);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/v3/register',
      headers: {
        authorization: 'Token registration-token',
        'content-type': 'application/json',
      },
    });
    expect(server.json(0)).toEqual({
      name: 'nightshift-1',
      hostname: 'worker',
      os: 'linux',
      arch: 'arm64',
      script_eval_enabled: true,
      ignore_in_dispatches: true,
      version: '1.0.0',
      build: '1',
      meta_data: ['queue=default', 'os=linux'],
      features: [],
    });
  });

  test('gives a session with its intervals in milliseconds', async () => {
    const { api } = await apiOf({
      json: {
        ...registered,
        name: 'named-by-the-server',
        ping_interval: 2,
        job_status_interval: 3,
        heartbeat_interval: 40,
        something_new: { nested: true },
      },
    });
    expect(await api.register('registration-token', registration)).toEqual({
      agentId: 'agent-1',
      name: 'named-by-the-server',
      accessToken: 'access-token',
      endpoint: server.endpoint,
      pingInterval: 2000,
      jobStatusInterval: 3000,
      heartbeatInterval: 40_000,
      requestHeaders: {},
    });
  });

  test('what is left out or null has a default', async () => {
    const { api } = await apiOf({
      json: { ...registered, endpoint: null, ping_interval: null, request_headers: null },
    });
    expect(await api.register('registration-token', registration)).toMatchObject({
      name: 'nightshift-1',
      endpoint: server.endpoint,
      pingInterval: 10_000,
      jobStatusInterval: 5000,
      heartbeatInterval: 60_000,
    });
  });

  test('an endpoint that is no URL is passed over', async () => {
    const { api } = await apiOf({ json: { ...registered, endpoint: 'ftp://elsewhere' } });
    const session = await api.register('registration-token', registration);
    expect(session.endpoint).toBe(server.endpoint);
  });
});

describe('what the server hands out', () => {
  test('later calls go to the endpoint that register answers', async () => {
    const { api } = await apiOf({ json: { ...registered } });
    const other = await FakeServer.start({ status: 204, text: '' });
    const session = await api.register('registration-token', registration);
    await api.connect({ ...session, endpoint: `${other.url}/moved/` });
    expect(other.seen.map(({ path }) => path)).toEqual(['/moved/connect']);
    await other.close();
  });

  test('register and ping switch the endpoint', async () => {
    const { api } = await apiOf(
      { json: { ...registered, endpoint: 'https://first.example/v3' } },
      { json: { action: 'idle', endpoint: 'https://second.example/v3' } },
      { json: { action: 'idle' } },
    );
    const session = await api.register('registration-token', registration);
    expect(session.endpoint).toBe('https://first.example/v3');
    const here = { ...session, endpoint: server.endpoint };
    const { session: moved } = await api.ping(here);
    expect(moved.endpoint).toBe('https://second.example/v3');
    const { session: same } = await api.ping(here);
    expect(same.endpoint).toBe(server.endpoint);
  });

  test('headers handed out are sent back with every later call', async () => {
    const { api } = await apiOf(
      {
        headers: { 'Buildkite-Shard': '7' },
        json: { ...registered, request_headers: { 'Buildkite-Hello': 'world' } },
      },
      {},
    );
    const session = await api.register('registration-token', registration);
    const job = { id: jobId };
    await api.connect(session);
    await api.heartbeat(session);
    await api.ping(session);
    await api.startJob(session, job, at);
    await api.uploadChunk(session, job, {
      sequence: 1,
      offset: 0,
      bytes: Buffer.from('log'),
      isFull: false,
    });
    await api.finishJob(session, job, { exitStatus: 0, finishedAt: at });
    await api.disconnect(session);
    expect(server.seen).toHaveLength(8);
    for (const { headers } of server.seen.slice(1)) {
      expect(headers).toMatchObject({ 'buildkite-hello': 'world', 'buildkite-shard': '7' });
    }
  });

  test('a ping replaces them, and only names that begin with Buildkite- are taken', async () => {
    const { api, session } = await apiOf({
      json: {
        request_headers: {
          'Buildkite-New': '1',
          Authorization: 'Token mine',
          'Buildkite-Broken': 'a\r\nb',
        },
      },
    });
    const before = { ...session, requestHeaders: { 'buildkite-old': '1' } };
    const answer = await api.ping(before);
    expect(answer.session.requestHeaders).toEqual({ 'buildkite-new': '1' });
  });

  test('a ping that names none leaves them', async () => {
    const { api, session } = await apiOf({ json: { action: '' } });
    const before = { ...session, requestHeaders: { 'buildkite-old': '1' } };
    expect((await api.ping(before)).session.requestHeaders).toEqual({ 'buildkite-old': '1' });
  });
});

describe('a ping', () => {
  test('says what to do, and an action that is not known changes nothing', async () => {
    const { api, session } = await apiOf(
      { json: { action: '' } },
      { json: { action: 'pause', message: 'by a person' } },
      { json: { action: 'disconnect' } },
      { json: { action: 'somersault' } },
    );
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push(await api.ping(session));
    expect(answers.map(({ action }) => action)).toEqual(['idle', 'pause', 'disconnect', 'idle']);
    expect(answers[1]?.message).toBe('by a person');
  });

  test('hands out a job', async () => {
    const { api, session } = await apiOf({ json: { job: { id: jobId, state: 'assigned' } } });
    expect((await api.ping(session)).job).toMatchObject({ id: jobId, state: 'assigned', env: {} });
  });

  test('is asked once, and left to the next tick', async () => {
    const { api, session, waits } = await apiOf({ status: 500 });
    expect(await refusalOf(api.ping(session))).toMatchObject({ status: 500, retryable: true });
    expect(waits).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });
});

describe('a job', () => {
  test('is read with its limits in bytes and milliseconds, and every variable as text', async () => {
    const { api, session } = await apiOf({
      json: {
        id: jobId,
        state: 'accepted',
        env: { BUILDKITE_COMMAND: 'make', COUNT: 3, FLAG: true, NONE: null },
        chunks_max_size_bytes: 1000,
        chunks_interval_seconds: 2,
        log_max_size_bytes: 5000,
        token: 'job-token',
      },
    });
    expect(await api.acquireJob(session, jobId)).toEqual({
      id: jobId,
      state: 'accepted',
      env: { BUILDKITE_COMMAND: 'make', COUNT: '3', FLAG: 'true' },
      chunksMaxBytes: 1000,
      chunksInterval: 2000,
      logMaxBytes: 5000,
      token: 'job-token',
    });
  });

  test('has defaults for what the server leaves out', async () => {
    const { api, session } = await apiOf({ json: { id: jobId } });
    expect(await api.acceptJob(session, jobId)).toEqual({
      id: jobId,
      env: {},
      chunksMaxBytes: 102_400,
      chunksInterval: 1000,
      logMaxBytes: 1024 ** 3,
    });
  });

  test.each([
    ['its own token, where it has one', { id: jobId, token: 'job-token' }, 'Token job-token'],
    ["the session's, where it has none", { id: jobId }, 'Token access-token'],
  ])('is spoken of with %s', async (_what, job, authorization) => {
    const { api, session } = await apiOf({ json: { state: 'running' } });
    const chunk = { sequence: 1, offset: 0, bytes: Buffer.from('x'), isFull: false };
    await api.startJob(session, job, at);
    expect(await api.jobState(session, job)).toBe('running');
    await api.uploadChunk(session, job, chunk);
    await api.setData(session, job, { key: 'k', value: 'v' });
    await api.annotate(session, job, { body: 'b' });
    await api.finishJob(session, job, { exitStatus: 0, finishedAt: at });
    const here = `/v3/jobs/${jobId}`;
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT ${here}/start`,
      `GET ${here}`,
      `POST ${here}/chunks`,
      `POST ${here}/data/set`,
      `POST ${here}/annotations`,
      `PUT ${here}/finish`,
    ]);
    expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(
      new Set([authorization]),
    );
    expect(server.json(0)).toEqual({ started_at: '2026-03-04T05:06:07.890Z' });
  });

  test('is acquired and accepted with the session’s token', async () => {
    const { api, session } = await apiOf({ json: { id: jobId } });
    await api.acquireJob(session, jobId);
    await api.acceptJob(session, jobId);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Token access-token',
      'Token access-token',
    ]);
  });

  test('an id can’t lead to another path', async () => {
    const { api, session } = await apiOf({ json: { id: jobId } });
    await api.acquireJob(session, '../stacks/x?y.z');
    expect(server.seen[0]?.path).toBe('/v3/jobs/%2E%2E%2Fstacks%2Fx%3Fy%2Ez/acquire');
    await expect(api.acquireJob(session, '..')).rejects.toThrow(RangeError);
    expect(server.seen).toHaveLength(1);
  });
});

test('a chunk goes compressed, with its number, offset and uncompressed size', async () => {
  const { api, session } = await apiOf({});
  const bytes = Buffer.from('line of log ✓\n'.repeat(500));
  await api.uploadChunk(session, { id: jobId }, { sequence: 3, offset: 2048, bytes, isFull: true });
  const [upload] = server.seen;
  expect(upload?.query).toEqual({ sequence: '3', offset: '2048', size: String(bytes.length) });
  expect(upload?.headers).toMatchObject({
    'content-type': 'text/plain',
    'content-encoding': 'gzip',
  });
  expect(gunzipSync(upload!.body).equals(bytes)).toBe(true);
  expect(upload!.body.length).toBeLessThan(bytes.length / 10);
});

test('the exit status goes as text, and one that is none is refused here', async () => {
  const { api, session } = await apiOf({});
  await api.finishJob(
    session,
    { id: jobId },
    {
      exitStatus: -1,
      signal: 'SIGTERM',
      signalReason: 'cancel',
      finishedAt: at,
      chunksFailed: 2,
    },
  );
  expect(server.json(0)).toEqual({
    exit_status: '-1',
    signal: 'SIGTERM',
    signal_reason: 'cancel',
    finished_at: '2026-03-04T05:06:07.890Z',
    chunks_failed_count: 2,
  });
  const wrong = api.finishJob(session, { id: jobId }, { exitStatus: NaN, finishedAt: at });
  await expect(wrong).rejects.toThrow('whole number');
});

test('a heartbeat says when it was sent and hears when it was received', async () => {
  const { api, session } = await apiOf({ json: { received_at: '2026-01-01T00:00:00Z' } });
  expect(await api.heartbeat(session)).toEqual({ receivedAt: '2026-01-01T00:00:00Z' });
  expect(server.json(0)).toEqual({ sent_at: expect.stringMatching(/^\d{4}-.*Z$/) as string });
});
