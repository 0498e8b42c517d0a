import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { StacksApi } from '../../src/buildkite/index.js';
import { paceOf, stackRates } from '../../src/buildkite/stack-limits.js';
import { Pacer } from '../../src/aws/pacer.js';
import { jobId, noWaiting, refusalOf } from './support/calls.js';
import { FakeServer, type Reply } from './support/fake-server.js';

let server: FakeServer;
afterEach(() => server.close());

async function apiOf(...script: Reply[]) {
  server = await FakeServer.start(...script);
  const waiting = noWaiting();
  const api = new StacksApi({ endpoint: server.endpoint, token: 'cluster-token', ...waiting });
  return { api, waits: waiting.waits };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `job-${index}`);
const uuidsOf = (index: number) =>
  z.object({ job_uuids: z.array(z.string()) }).parse(server.json(index)).job_uuids;

describe('a stack', () => {
  test('is registered as custom, for one queue', async () => {
    const { api } = await apiOf({ status: 201, json: { id: 'x' } });
    await api.register({ key: 'nightshift-default', queue: 'default', metadata: { version: '1' } });
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/v3/stacks/register',
      headers: { authorization: 'Token cluster-token' },
    });
    expect(server.json(0)).toEqual({
      key: 'nightshift-default',
      type: 'custom',
      queue_key: 'default',
      metadata: { version: '1' },
    });
  });

  test.each(['a.b', 'a b', '', 'x'.repeat(81)])('has no such key: %j', async (key) => {
    const { api } = await apiOf({});
    await expect(api.register({ key, queue: 'q' })).rejects.toThrow('the key of a stack is');
    expect(server.seen).toHaveLength(0);
  });

  test('is deregistered, and being gone already is no error', async () => {
    const { api } = await apiOf({ status: 204, text: '' }, { status: 404 }, { status: 401 });
    await api.deregister('k');
    await api.deregister('k');
    expect(await refusalOf(api.deregister('k'))).toMatchObject({ status: 401 });
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/v3/stacks/k/deregister' });
  });
});

describe('the default queue', () => {
  test.each([
    ['__default__', '_default'],
    ['_default', '__default__'],
  ])('is asked for as %s, then as %s, and remembered', async (given, other) => {
    const { api } = await apiOf({ status: 404 }, {}, {});
    await api.register({ key: 'k', queue: given });
    await api.scheduledJobs('k', { queue: given });
    expect([server.json(0), server.json(1)]).toMatchObject([
      { queue_key: given },
      { queue_key: other },
    ]);
    expect(server.seen[2]?.query).toMatchObject({ queue_key: other });
  });

  test('that the server knows by neither name is refused, once each', async () => {
    const { api } = await apiOf({ status: 404, json: { message: 'no queue' } });
    const error = await refusalOf(api.scheduledJobs('k', { queue: '__default__' }));
    expect(error.message).toContain('no queue');
    expect(server.seen).toHaveLength(2);
  });

  test('is not what another queue is taken for', async () => {
    const { api } = await apiOf({ status: 404 });
    await refusalOf(api.scheduledJobs('k', { queue: 'deploy' }));
    expect(server.seen).toHaveLength(1);
  });
});

describe('waiting jobs', () => {
  const whole = {
    jobs: [
      {
        id: jobId,
        priority: 3,
        agent_query_rules: ['os=linux', 'queue=default'],
        scheduled_at: '2026-01-01T00:00:00Z',
        pipeline: { slug: 'api', uuid: 'p' },
        build: { number: 12, branch: 'main', uuid: 'b' },
        step: { key: 'test' },
      },
    ],
    page_info: { has_next_page: true, end_cursor: 'next==' },
    cluster_queue: { id: 'q', dispatch_paused: false },
  };

  test('come in pages, with all that is known of them', async () => {
    const { api } = await apiOf({ json: whole });
    expect(await api.scheduledJobs('k', { queue: 'default', limit: 5000, after: 'a' })).toEqual({
      jobs: [
        {
          id: jobId,
          priority: 3,
          queryRules: ['os=linux', 'queue=default'],
          scheduledAt: '2026-01-01T00:00:00Z',
          pipeline: 'api',
          buildNumber: 12,
          branch: 'main',
          stepKey: 'test',
        },
      ],
      paused: false,
      next: 'next==',
    });
    expect(server.seen[0]).toMatchObject({
      path: '/v3/stacks/k/scheduled-jobs',
      query: { queue_key: 'default', limit: '1000', after: 'a' },
    });
  });

  test('may lack all but their ids', async () => {
    const { api } = await apiOf({
      json: { jobs: [{ id: jobId, build: null, step: { key: null } }] },
    });
    const { jobs, paused, next } = await api.scheduledJobs('k', { queue: 'q' });
    expect(jobs).toMatchObject([{ id: jobId, priority: 0, queryRules: [] }]);
    expect({ paused, next }).toEqual({ paused: false, next: undefined });
  });

  test.each(['dispatch_paused', 'paused'])('of a paused queue are told by %s', async (name) => {
    const { api } = await apiOf({ json: { jobs: [], cluster_queue: { [name]: true } } });
    expect((await api.scheduledJobs('k', { queue: 'q' })).paused).toBe(true);
  });

  test('are read page by page, to the last or as many as were asked for', async () => {
    const page = (cursor: string | null) => ({
      json: { jobs: [], page_info: { has_next_page: cursor !== null, end_cursor: cursor } },
    });
    const { api } = await apiOf(page('a'), page('b'), page(null), page('x'), page('y'));
    for await (const _page of api.scheduledPages('k', { queue: 'q', most: 10 }));
    expect(server.seen.map(({ query }) => query['after'])).toEqual([undefined, 'a', 'b']);
    for await (const _page of api.scheduledPages('k', { queue: 'q', most: 2 }));
    expect(server.seen).toHaveLength(5);
  });

  test('are not read for ever from a server that gives the same cursor again', async () => {
    const { api } = await apiOf({
      json: { jobs: [], page_info: { has_next_page: true, end_cursor: 'same' } },
    });
    for await (const _page of api.scheduledPages('k', { queue: 'q', most: 10 }));
    expect(server.seen).toHaveLength(2);
  });
});

describe('long lists go in calls of a thousand', () => {
  test('reservations', async () => {
    const { api } = await apiOf(
      { json: { reserved: ['job-0'], not_reserved: ['job-1'] } },
      { json: { reserved: ['job-1000'], not_reserved: [] } },
      { json: { reserved: [], not_reserved: ['job-2000'] } },
    );
    expect(await api.reserve('k', ids(2001), { seconds: 59.2 })).toEqual({
      reserved: ['job-0', 'job-1000'],
      notReserved: ['job-1', 'job-2000'],
    });
    expect([0, 1, 2].map((index) => uuidsOf(index).length)).toEqual([1000, 1000, 1]);
    expect(server.json(0)).toMatchObject({ reservation_expiry_seconds: 60 });
    expect(server.seen[0]).toMatchObject({
      method: 'PUT',
      path: '/v3/stacks/k/scheduled-jobs/batch-reserve',
    });
  });

  test('states', async () => {
    const { api } = await apiOf(
      { json: { states: { 'job-0': 'running' } } },
      { json: { states: { 'job-1000': 'canceled' } } },
    );
    expect([...(await api.states('k', ids(1001)))]).toEqual([
      ['job-0', 'running'],
      ['job-1000', 'canceled'],
    ]);
    expect(uuidsOf(1)).toEqual(['job-1000']);
  });

  test('notifications, and those that are refused are named by their jobs', async () => {
    const { api } = await apiOf(
      { json: { errors: [{ error: 'too many', indexes: [0, 999] }] } },
      { json: { errors: [{ error: 'job not found', indexes: [1] }] } },
    );
    const all = ids(1002).map((id) => ({ jobId: id, detail: 'waits for a slot' }));
    expect(await api.notify('k', all)).toEqual([
      { jobId: 'job-0', error: 'too many' },
      { jobId: 'job-999', error: 'too many' },
      { jobId: 'job-1001', error: 'job not found' },
    ]);
  });

  test('and an empty one in none', async () => {
    const { api } = await apiOf({});
    await api.reserve('k', []);
    await api.states('k', []);
    await api.notify('k', []);
    expect(server.seen).toHaveLength(0);
  });
});

test('a reservation lasts an hour at most, and as Buildkite likes when nothing is said', async () => {
  const { api } = await apiOf({ json: {} });
  await api.reserve('k', ['a'], { seconds: 7200 });
  await api.reserve('k', ['a']);
  expect(server.json(0)).toEqual({ job_uuids: ['a'], reservation_expiry_seconds: 3600 });
  expect(server.json(1)).toEqual({ job_uuids: ['a'] });
});

describe('what people read is cut to what Buildkite takes', () => {
  test('notifications at 256 characters', async () => {
    const { api } = await apiOf({ json: { errors: [] } });
    await api.notify('k', [
      { jobId: 'a', detail: '🌙'.repeat(256) },
      { jobId: 'b', detail: '🌙'.repeat(257) },
    ]);
    expect(server.json(0)).toEqual({
      notifications: [
        { job_uuid: 'a', detail: '🌙'.repeat(256) },
        { job_uuid: 'b', detail: `${'🌙'.repeat(255)}…` },
      ],
    });
  });

  test.each([0, 1, 2, 3])(
    'the reason of a finish at 4 KB, between characters (%i)',
    async (shift) => {
      const { api } = await apiOf({});
      const detail = 'x'.repeat(shift) + '🌙'.repeat(2000);
      await api.finish('k', jobId, { exitStatus: -1, detail });
      const body = z
        .object({ exit_status: z.literal(-1), detail: z.string() })
        .parse(server.json(0));
      expect(Buffer.byteLength(body.detail)).toBeLessThanOrEqual(4096);
      expect(Buffer.byteLength(body.detail)).toBeGreaterThan(4090);
      expect(body.detail).toMatch(/^x*(🌙)+…$/u);
    },
  );

  test('a reason that fits stays whole', async () => {
    const { api } = await apiOf({});
    await api.finish('k', jobId, { exitStatus: 1, detail: 'é'.repeat(2048) });
    expect(server.json(0)).toMatchObject({ detail: 'é'.repeat(2048) });
    expect(server.seen[0]?.path).toBe(`/v3/stacks/k/jobs/${jobId}/finish`);
  });
});

test('a job is read with its environment and command', async () => {
  const { api } = await apiOf({ json: { id: jobId, env: { A: '1' }, command: 'make', more: [] } });
  expect(await api.job('k', jobId)).toEqual({ id: jobId, env: { A: '1' }, command: 'make' });
});

describe('rates', () => {
  test('a call that was refused for its rate is made again when the server says', async () => {
    const { api, waits } = await apiOf(
      { status: 429, headers: { 'Retry-After': '3' } },
      { status: 429, headers: { 'RateLimit-Reset': '1' } },
      { json: { jobs: [] } },
    );
    await api.scheduledJobs('k', { queue: 'q' });
    expect(waits).toEqual([3000, 1000]);
  });

  test('are never passed in any second, wherever it begins', async () => {
    server = await FakeServer.start();
    for (const limit of Object.values(stackRates)) {
      let now = 0;
      const pacer = new Pacer(
        paceOf(limit),
        () => now,
        (ms) => Promise.resolve(void (now += ms)),
      );
      const times: number[] = [];
      for (let n = 0; n < limit * 4; n++) {
        await pacer.take();
        times.push(now);
      }
      for (const [index, time] of times.entries()) {
        const within = times.slice(index).filter((other) => other < time + 1000).length;
        expect(within).toBeLessThanOrEqual(limit);
      }
    }
  });

  test('are kept per stack and call: one that is full holds up no other', async () => {
    const { api } = await apiOf({ json: { jobs: [], states: {} } });
    const leave = new AbortController();
    const many = Array.from({ length: 200 }, () =>
      api.scheduledJobs('k', { queue: 'q' }, leave.signal),
    );
    await api.states('k', ['a']);
    await api.scheduledJobs('other', { queue: 'q' });
    const before = server.seen.filter(({ path }) => path === '/v3/stacks/k/scheduled-jobs').length;
    expect(before).toBeLessThan(200);
    const ended = Promise.allSettled(many);
    leave.abort();
    await ended;
  });
});
