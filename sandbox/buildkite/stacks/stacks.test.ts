import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { call, otherUuid, uuid } from '../testing.js';
import { stackBody, TestStack } from './testing.js';

let stack: TestStack;
beforeEach(async () => {
  stack = await TestStack.begin();
});
afterEach(() => stack.close());

const idsOf = (json: unknown) =>
  z
    .object({ jobs: z.array(z.object({ id: z.string() })) })
    .parse(json)
    .jobs.map(({ id }) => id);

describe('a stack registers', () => {
  test('with 201, again with 200, and shows as connected', async () => {
    const first = await stack.register({ ...stackBody, key: 'new' });
    expect(first).toMatchObject({
      status: 201,
      json: {
        key: 'new',
        type: 'custom',
        cluster_queue_key: 'default',
        metadata: { v: '1' },
        state: 'connected',
      },
    });
    expect((await stack.register({ ...stackBody, key: 'new' })).status).toBe(200);
    expect((await stack.register({ ...stackBody, queue_key: '_default' })).status).toBe(200);
  });

  test.each([
    [{ key: 'a b' }, 422],
    [{ key: 'a.b' }, 422],
    [{ key: 'x'.repeat(81) }, 422],
    [{ key: undefined }, 422],
    [{ type: 'mine' }, 422],
    [{ queue_key: undefined }, 422],
    [{ metadata: undefined }, 422],
    [{ metadata: { a: 1 } }, 422],
    [{ metadata: { a: 'x'.repeat(257) } }, 422],
    [{ key: 'x'.repeat(80) }, 201],
  ])('with %j: %i', async (change, status) => {
    expect((await stack.register({ ...stackBody, ...change })).status).toBe(status);
  });

  test('with the cluster’s token only, into a queue that there is, up to a number', async () => {
    const wrong = { token: 'other', body: stackBody };
    expect((await call(stack.sandbox, 'POST', '/stacks/register', wrong)).status).toBe(401);
    await stack.close();
    stack = await TestStack.begin({ queues: ['default'], maxStacks: 1 });
    expect((await stack.register({ ...stackBody, queue_key: 'none' })).status).toBe(404);
    expect((await stack.register({ ...stackBody, key: 'second' })).status).toBe(403);
    expect((await stack.register()).status).toBe(200);
  });

  test('and is unknown once it has deregistered', async () => {
    expect((await stack.ask('POST', '/deregister')).status).toBe(204);
    expect((await stack.list()).status).toBe(404);
    expect(await stack.admin.buildkiteStacks()).toEqual([]);
  });
});

describe('scheduled jobs', () => {
  test('are listed with what a scheduler needs', async () => {
    const answer = await stack.list();
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      jobs: [
        {
          id: uuid,
          priority: 1,
          agent_query_rules: ['queue=default', 'os=linux'],
          scheduled_at: stack.sandbox.clock.iso(),
          pipeline: { slug: 'sandbox' },
          build: { number: 1, branch: 'main' },
          step: { key: 'one' },
        },
        { id: otherUuid, step: { key: null } },
      ],
      page_info: { has_next_page: false },
      cluster_queue: { dispatch_paused: false, paused: false },
    });
  });

  test('come in pages', async () => {
    for (let index = 0; index < 3; index++) await stack.admin.createBuildkiteJob({});
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page < 3; page++) {
      const { json } = await stack.list(`queue_key=default&limit=2&after=${after}`);
      seen.push(...idsOf(json));
      const info = z.object({
        page_info: z.object({ has_next_page: z.boolean(), end_cursor: z.string().nullable() }),
      });
      const { has_next_page, end_cursor } = info.parse(json).page_info;
      expect(has_next_page).toBe(page < 2);
      after = encodeURIComponent(end_cursor ?? '');
    }
    expect(new Set(seen).size).toBe(5);
  });

  test('are of one queue, and of nobody', async () => {
    const elsewhere = await stack.admin.createBuildkiteJob({ queue: 'linux' });
    expect(idsOf((await stack.list('queue_key=linux')).json)).toEqual([elsewhere.uuid]);
    await stack.reserve([uuid]);
    await stack.admin.lockBuildkiteJob(otherUuid, true);
    expect(idsOf((await stack.list('queue_key=__default__')).json)).toEqual([]);
    expect((await stack.list()).json).toMatchObject({ page_info: { end_cursor: null } });
  });

  test('of a paused queue are listed, with the word not to start them', async () => {
    await stack.admin.pauseBuildkiteQueue('default', true);
    const { json } = await stack.list();
    expect(json).toMatchObject({ cluster_queue: { dispatch_paused: true, paused: true } });
    expect(idsOf(json)).toHaveLength(2);
  });

  test.each([
    '',
    'queue_key=',
    'queue_key=default&limit=0',
    'queue_key=default&limit=1001',
    'queue_key=default&limit=x',
    'queue_key=default&after=x',
  ])('of ?%s are refused', async (query) => expect((await stack.list(query)).status).toBe(400));

  test('that nobody lists for more than 30 s leave the queue disconnected', async () => {
    await stack.list();
    stack.sandbox.clock.skip(29);
    expect(await stack.admin.buildkiteStacks()).toMatchObject([{ state: 'connected', gaps: 0 }]);
    stack.sandbox.clock.skip(2);
    expect(await stack.admin.buildkiteStacks()).toMatchObject([{ state: 'disconnected' }]);
    await stack.list();
    expect(await stack.admin.buildkiteStacks()).toMatchObject([{ state: 'connected', gaps: 1 }]);
  });
});

describe('rates', () => {
  test('are ten lists a second of a stack, shown in every answer', async () => {
    const first = await stack.list();
    expect(first.headers.get('ratelimit-scope')).toBe('list-scheduled-jobs');
    expect(first.headers.get('ratelimit-limit')).toBe('10');
    expect(first.headers.get('ratelimit-remaining')).toBe('9');
    expect(first.headers.get('ratelimit-reset')).toBe('1');
    for (let index = 0; index < 9; index++) expect((await stack.list()).status).toBe(200);
    const refused = await stack.list();
    expect(refused).toMatchObject({
      status: 429,
      json: { scope: 'list-scheduled-jobs', limit: 10, current: 11, reset: 1 },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await stack.reserve([uuid])).status).toBe(200);
    await stack.register({ ...stackBody, key: 'theirs' });
    const others = await stack.ask('GET', '/scheduled-jobs?queue_key=default', undefined, 'theirs');
    expect(others.status).toBe(200);
    stack.sandbox.clock.skip(1);
    expect((await stack.list()).status).toBe(200);
  });

  test('are on refusals, too, and can be changed by the fleet', async () => {
    await stack.close();
    stack = await TestStack.begin({ rateLimits: { 'show-job': 1 } });
    const missing = await stack.ask('GET', '/jobs/none');
    expect(missing.status).toBe(404);
    expect(missing.headers.get('ratelimit-limit')).toBe('1');
    expect((await stack.ask('GET', `/jobs/${uuid}`)).status).toBe(429);
  });

  test.each([
    ['PUT', '/scheduled-jobs/batch-reserve', { job_uuids: [] }, 'batch-reserve', '10'],
    ['GET', `/jobs/${uuid}`, undefined, 'show-job', '1000'],
    ['POST', '/jobs/get-states', { job_uuids: [] }, 'batch-load-job-states', '20'],
    ['POST', `/jobs/${uuid}/finish`, { detail: 'x' }, 'finish-job', '100'],
    ['POST', '/notifications', { notifications: [] }, 'stack-notification', '200'],
    ['POST', '/deregister', undefined, 'default', '10'],
  ])('%s %s', async (method, path, body, scope, limit) => {
    const answer = await stack.ask(method, path, body);
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get('ratelimit-scope')).toBe(scope);
    expect(answer.headers.get('ratelimit-limit')).toBe(limit);
  });
});
