import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { SandboxAdmin } from '../../admin-client.js';
import type { Sandbox } from '../../index.js';
import { buildkiteSandbox, call, clusterToken, otherUuid, TestAgent, uuid } from '../testing.js';

let sandbox: Sandbox;
let admin: SandboxAdmin;

const stackBody = { key: 'ours', type: 'custom', queue_key: '__default__', metadata: { v: '1' } };

async function begin(settings: Parameters<typeof buildkiteSandbox>[0] = {}): Promise<void> {
  sandbox = await buildkiteSandbox({
    jobs: [
      { uuid, command: 'make', env: { A: 'b' }, priority: 1, tags: ['os=linux'], label: 'one' },
      { uuid: otherUuid },
    ],
    ...settings,
  });
  admin = new SandboxAdmin(sandbox.url);
  await register();
}
beforeEach(() => begin());
afterEach(() => sandbox.close());

const register = (body: unknown = stackBody) =>
  call(sandbox, 'POST', '/stacks/register', { token: clusterToken, body });
const ask = (method: string, path: string, body?: unknown, stack = 'ours') =>
  call(sandbox, method, `/stacks/${stack}${path}`, { token: clusterToken, body });
const list = (query = 'queue_key=default') => ask('GET', `/scheduled-jobs?${query}`);
const reserve = (uuids: string[], more: object = {}, stack = 'ours') =>
  ask('PUT', '/scheduled-jobs/batch-reserve', { job_uuids: uuids, ...more }, stack);
const idsOf = (json: unknown) =>
  z
    .object({ jobs: z.array(z.object({ id: z.string() })) })
    .parse(json)
    .jobs.map(({ id }) => id);
const stateOf = async (job: string) => (await admin.buildkiteJob(job)).state;

describe('a stack registers', () => {
  test('with 201, again with 200, and shows as connected', async () => {
    const first = await register({ ...stackBody, key: 'new' });
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
    expect((await register({ ...stackBody, key: 'new' })).status).toBe(200);
    expect((await register({ ...stackBody, queue_key: '_default' })).status).toBe(200);
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
    expect((await register({ ...stackBody, ...change })).status).toBe(status);
  });

  test('with the cluster’s token only, into a queue that there is, up to a number', async () => {
    const wrong = { token: 'other', body: stackBody };
    expect((await call(sandbox, 'POST', '/stacks/register', wrong)).status).toBe(401);
    await sandbox.close();
    await begin({ queues: ['default'], maxStacks: 1 });
    expect((await register({ ...stackBody, queue_key: 'none' })).status).toBe(404);
    expect((await register({ ...stackBody, key: 'second' })).status).toBe(403);
    expect((await register()).status).toBe(200);
  });

  test('and is unknown once it has deregistered', async () => {
    expect((await ask('POST', '/deregister')).status).toBe(204);
    expect((await list()).status).toBe(404);
    expect(await admin.buildkiteStacks()).toEqual([]);
  });
});

describe('scheduled jobs', () => {
  test('are listed with what a scheduler needs', async () => {
    const answer = await list();
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      jobs: [
        {
          id: uuid,
          priority: 1,
          agent_query_rules: ['queue=default', 'os=linux'],
          scheduled_at: sandbox.clock.iso(),
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
    for (let index = 0; index < 3; index++) await admin.createBuildkiteJob({});
    const seen: string[] = [];
    let after = '';
    for (let page = 0; page < 3; page++) {
      const { json } = await list(`queue_key=default&limit=2&after=${after}`);
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
    const elsewhere = await admin.createBuildkiteJob({ queue: 'linux' });
    expect(idsOf((await list('queue_key=linux')).json)).toEqual([elsewhere.uuid]);
    await reserve([uuid]);
    await admin.lockBuildkiteJob(otherUuid, true);
    expect(idsOf((await list('queue_key=__default__')).json)).toEqual([]);
    expect((await list()).json).toMatchObject({ page_info: { end_cursor: null } });
  });

  test('of a paused queue are listed, with the word not to start them', async () => {
    await admin.pauseBuildkiteQueue('default', true);
    const { json } = await list();
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
  ])('of ?%s are refused', async (query) => expect((await list(query)).status).toBe(400));

  test('that nobody lists for more than 30 s leave the queue disconnected', async () => {
    await list();
    sandbox.clock.skip(30);
    expect(await admin.buildkiteStacks()).toMatchObject([{ state: 'connected', gaps: 0 }]);
    sandbox.clock.skip(1);
    expect(await admin.buildkiteStacks()).toMatchObject([{ state: 'disconnected' }]);
    await list();
    expect(await admin.buildkiteStacks()).toMatchObject([{ state: 'connected', gaps: 1 }]);
  });
});

describe('a reservation', () => {
  test('hides the job, and is refused to other stacks', async () => {
    expect((await reserve([uuid, 'none'])).json).toEqual({
      reserved: [uuid],
      not_reserved: ['none'],
    });
    expect(idsOf((await list()).json)).toEqual([otherUuid]);
    await register({ ...stackBody, key: 'theirs' });
    expect((await reserve([uuid, otherUuid], {}, 'theirs')).json).toEqual({
      reserved: [otherUuid],
      not_reserved: [uuid],
    });
    expect(await admin.buildkiteStacks()).toMatchObject([
      { key: 'ours', reserved: [uuid] },
      { key: 'theirs', reserved: [otherUuid] },
    ]);
  });

  test('ends after 15 minutes unless it is made again', async () => {
    await reserve([uuid, otherUuid]);
    sandbox.clock.skip(600);
    expect((await reserve([uuid], { reservation_expiry_seconds: 3600 })).json).toMatchObject({
      reserved: [uuid],
    });
    sandbox.clock.skip(299);
    expect(await stateOf(otherUuid)).toBe('reserved');
    sandbox.clock.skip(1);
    expect(await stateOf(otherUuid)).toBe('scheduled');
    expect(await stateOf(uuid)).toBe('reserved');
    sandbox.clock.skip(3300);
    expect(idsOf((await list()).json)).toEqual([uuid, otherUuid]);
  });

  test('can be shortened', async () => {
    await reserve([uuid]);
    await reserve([uuid], { reservation_expiry_seconds: 5 });
    sandbox.clock.skip(5);
    expect(await stateOf(uuid)).toBe('scheduled');
  });

  test('lets an agent acquire the job, and ends thereby', async () => {
    await reserve([uuid]);
    const agent = await TestAgent.connect(sandbox, { ignore_in_dispatches: true });
    expect((await agent.acquire(uuid)).status).toBe(200);
    expect((await reserve([uuid])).json).toMatchObject({ not_reserved: [uuid] });
    sandbox.clock.skip(100);
    await agent.heartbeat();
    expect(await stateOf(uuid)).toBe('accepted');
  });

  test('keeps the job from pings', async () => {
    await reserve([uuid, otherUuid]);
    const agent = await TestAgent.connect(sandbox, { meta_data: ['queue=default', 'os=linux'] });
    expect((await agent.ping()).json).toEqual({ action: 'idle' });
  });

  test.each([
    { job_uuids: 'x' },
    { job_uuids: [1] },
    {},
    { job_uuids: Array.from({ length: 1001 }, () => uuid) },
    { job_uuids: [uuid], reservation_expiry_seconds: 3601 },
    { job_uuids: [uuid], reservation_expiry_seconds: 0 },
    { job_uuids: [uuid], reservation_expiry_seconds: '60' },
  ])('of %j is refused', async (body) => {
    expect((await ask('PUT', '/scheduled-jobs/batch-reserve', body)).status).toBe(400);
    expect(await stateOf(uuid)).toBe('scheduled');
  });
});

describe('a job', () => {
  test('is shown with environment and command', async () => {
    const answer = await ask('GET', `/jobs/${uuid}`);
    expect(answer.json).toMatchObject({
      id: uuid,
      command: 'make',
      env: { A: 'b', BUILDKITE_JOB_ID: uuid },
    });
    expect((await ask('GET', '/jobs/none')).status).toBe(404);
  });

  test('has a state that can be asked for, for many at once', async () => {
    await reserve([uuid]);
    const states = (uuids: unknown) => ask('POST', '/jobs/get-states', { job_uuids: uuids });
    expect((await states([uuid, otherUuid, 'none'])).json).toEqual({
      states: { [uuid]: 'reserved', [otherUuid]: 'scheduled' },
    });
    expect((await states(Array.from({ length: 1001 }, () => uuid))).status).toBe(400);
    expect((await states('x')).status).toBe(400);
  });

  const finish = (body: unknown, stack?: string) =>
    ask('POST', `/jobs/${uuid}/finish`, body, stack);

  test('is finished without an agent once, with a reason', async () => {
    expect((await finish({ detail: 'no capacity' })).status).toBe(200);
    expect(await admin.buildkiteJob(uuid)).toMatchObject({
      state: 'finished',
      endedBy: 'stack',
      exitStatus: '-1',
      signalReason: 'stack_error',
      detail: 'no capacity',
    });
    expect((await finish({ detail: 'again' })).status).toBe(422);
  });

  test('is finished as passed', async () => {
    expect((await finish({ exit_status: 0, detail: 'done' })).status).toBe(200);
    const job = await admin.buildkiteJob(uuid);
    expect(job.exitStatus).toBe('0');
    expect(job.signalReason).toBeUndefined();
  });

  test.each([{}, { detail: '' }, { detail: 'x'.repeat(4097) }, { detail: 'x', exit_status: '1' }])(
    'is not finished with %j',
    async (body) => {
      expect((await finish(body)).status).toBe(422);
      expect(await stateOf(uuid)).toBe('scheduled');
    },
  );

  test('is not finished by a stack while an agent or another stack has it', async () => {
    await register({ ...stackBody, key: 'theirs' });
    await reserve([uuid]);
    expect((await finish({ detail: 'x' }, 'theirs')).status).toBe(422);
    const agent = await TestAgent.connect(sandbox);
    await agent.begin(uuid);
    expect((await finish({ detail: 'x' })).status).toBe(422);
    expect(await stateOf(uuid)).toBe('running');
  });
});

describe('notifications', () => {
  const notify = (notifications: unknown) => ask('POST', '/notifications', { notifications });

  test('are written where they can be, and the others named', async () => {
    const detail = 'waiting for a slot';
    const future = new Date(sandbox.clock.now() + 60_000).toISOString();
    const past = new Date(sandbox.clock.now() - 60_000).toISOString();
    const answer = await notify([
      { job_uuid: uuid, detail },
      { job_uuid: uuid },
      { job_uuid: uuid, detail: 'x'.repeat(257) },
      { job_uuid: 'none', detail },
      { job_uuid: uuid, detail, timestamp: future },
      { job_uuid: uuid, detail, timestamp: past },
      { job_uuid: uuid, detail: 'é'.repeat(256) },
      { job_uuid: otherUuid, detail: '' },
    ]);
    expect(answer.json).toEqual({
      errors: [
        { error: 'detail is required', indexes: [1, 7] },
        { error: 'detail exceeds its length limit of 256', indexes: [2] },
        { error: 'job not found', indexes: [3] },
        { error: 'timestamp cannot be in the future', indexes: [4] },
        { error: 'timestamp cannot be before job creation time', indexes: [5] },
      ],
    });
    expect((await admin.buildkiteJob(uuid)).notifications).toMatchObject([
      { stack: 'ours', detail },
      { stack: 'ours', detail: 'é'.repeat(256) },
    ]);
  });

  test('are a hundred of a job and a thousand of a call at most', async () => {
    const many = Array.from({ length: 101 }, () => ({ job_uuid: uuid, detail: 'x' }));
    expect((await notify(many)).json).toEqual({
      errors: [{ error: 'job stack notification count exceeded', indexes: [100] }],
    });
    const tooMany = Array.from({ length: 1001 }, () => ({ job_uuid: otherUuid, detail: 'x' }));
    expect((await notify(tooMany)).status).toBe(400);
    expect((await admin.buildkiteJob(otherUuid)).notifications).toEqual([]);
  });

  test('are not of a job that ended more than five minutes ago', async () => {
    await admin.cancelBuildkiteJob(uuid);
    sandbox.clock.skip(300);
    expect((await notify([{ job_uuid: uuid, detail: 'x' }])).json).toEqual({ errors: [] });
    sandbox.clock.skip(1);
    expect((await notify([{ job_uuid: uuid, detail: 'x' }])).json).toMatchObject({
      errors: [{ error: 'job finished more than 300 seconds ago' }],
    });
  });
});

describe('rates', () => {
  test('are ten lists a second of a stack, shown in every answer', async () => {
    const first = await list();
    expect(first.headers.get('ratelimit-scope')).toBe('list-scheduled-jobs');
    expect(first.headers.get('ratelimit-limit')).toBe('10');
    expect(first.headers.get('ratelimit-remaining')).toBe('9');
    expect(first.headers.get('ratelimit-reset')).toBe('1');
    for (let index = 0; index < 9; index++) expect((await list()).status).toBe(200);
    const refused = await list();
    expect(refused).toMatchObject({
      status: 429,
      json: { scope: 'list-scheduled-jobs', limit: 10, current: 11, reset: 1 },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await reserve([uuid])).status).toBe(200);
    await register({ ...stackBody, key: 'theirs' });
    const others = await ask('GET', '/scheduled-jobs?queue_key=default', undefined, 'theirs');
    expect(others.status).toBe(200);
    sandbox.clock.skip(1);
    expect((await list()).status).toBe(200);
  });

  test('are on refusals, too, and can be changed by the fleet', async () => {
    await sandbox.close();
    await begin({ rateLimits: { 'show-job': 1 } });
    const missing = await ask('GET', '/jobs/none');
    expect(missing.status).toBe(404);
    expect(missing.headers.get('ratelimit-limit')).toBe('1');
    expect((await ask('GET', `/jobs/${uuid}`)).status).toBe(429);
  });

  test.each([
    ['PUT', '/scheduled-jobs/batch-reserve', { job_uuids: [] }, 'batch-reserve', '10'],
    ['GET', `/jobs/${uuid}`, undefined, 'show-job', '1000'],
    ['POST', '/jobs/get-states', { job_uuids: [] }, 'batch-load-job-states', '20'],
    ['POST', `/jobs/${uuid}/finish`, { detail: 'x' }, 'finish-job', '100'],
    ['POST', '/notifications', { notifications: [] }, 'stack-notification', '200'],
    ['POST', '/deregister', undefined, 'default', '10'],
  ])('%s %s', async (method, path, body, scope, limit) => {
    const answer = await ask(method, path, body);
    expect(answer.status).toBeLessThan(300);
    expect(answer.headers.get('ratelimit-scope')).toBe(scope);
    expect(answer.headers.get('ratelimit-limit')).toBe(limit);
  });
});
