import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { otherUuid, TestAgent, uuid } from '../testing.js';
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

describe('a reservation', () => {
  test('hides the job, and is refused to other stacks', async () => {
    expect((await stack.reserve([uuid, 'none'])).json).toEqual({
      reserved: [uuid],
      not_reserved: ['none'],
    });
    expect(idsOf((await stack.list()).json)).toEqual([otherUuid]);
    await stack.register({ ...stackBody, key: 'theirs' });
    expect((await stack.reserve([uuid, otherUuid], {}, 'theirs')).json).toEqual({
      reserved: [otherUuid],
      not_reserved: [uuid],
    });
    expect(await stack.admin.buildkiteStacks()).toMatchObject([
      { key: 'ours', reserved: [uuid] },
      { key: 'theirs', reserved: [otherUuid] },
    ]);
  });

  test('ends after 15 minutes unless it is made again', async () => {
    await stack.reserve([uuid, otherUuid]);
    stack.sandbox.clock.skip(600);
    expect((await stack.reserve([uuid], { reservation_expiry_seconds: 3600 })).json).toMatchObject({
      reserved: [uuid],
    });
    stack.sandbox.clock.skip(299);
    expect(await stack.stateOf(otherUuid)).toBe('reserved');
    stack.sandbox.clock.skip(1);
    expect(await stack.stateOf(otherUuid)).toBe('scheduled');
    expect(await stack.stateOf(uuid)).toBe('reserved');
    stack.sandbox.clock.skip(3300);
    expect(idsOf((await stack.list()).json)).toEqual([uuid, otherUuid]);
  });

  test('can be shortened', async () => {
    await stack.reserve([uuid]);
    await stack.reserve([uuid], { reservation_expiry_seconds: 5 });
    stack.sandbox.clock.skip(5);
    expect(await stack.stateOf(uuid)).toBe('scheduled');
  });

  test('lets an agent acquire the job, and ends thereby', async () => {
    await stack.reserve([uuid]);
    const agent = await TestAgent.connect(stack.sandbox, { ignore_in_dispatches: true });
    expect((await agent.acquire(uuid)).status).toBe(200);
    expect((await stack.reserve([uuid])).json).toMatchObject({ not_reserved: [uuid] });
    stack.sandbox.clock.skip(100);
    await agent.heartbeat();
    expect(await stack.stateOf(uuid)).toBe('accepted');
  });

  test('keeps the job from pings', async () => {
    await stack.reserve([uuid, otherUuid]);
    const agent = await TestAgent.connect(stack.sandbox, {
      meta_data: ['queue=default', 'os=linux'],
    });
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
    expect((await stack.ask('PUT', '/scheduled-jobs/batch-reserve', body)).status).toBe(400);
    expect(await stack.stateOf(uuid)).toBe('scheduled');
  });
});

describe('a job', () => {
  test('is shown with environment and command', async () => {
    const answer = await stack.ask('GET', `/jobs/${uuid}`);
    expect(answer.json).toMatchObject({
      id: uuid,
      command: 'make',
      env: { A: 'b', BUILDKITE_JOB_ID: uuid },
    });
    expect((await stack.ask('GET', '/jobs/none')).status).toBe(404);
  });

  test('has a state that can be asked for, for many at once', async () => {
    await stack.reserve([uuid]);
    const states = (uuids: unknown) => stack.ask('POST', '/jobs/get-states', { job_uuids: uuids });
    expect((await states([uuid, otherUuid, 'none'])).json).toEqual({
      states: { [uuid]: 'reserved', [otherUuid]: 'scheduled' },
    });
    expect((await states(Array.from({ length: 1001 }, () => uuid))).status).toBe(400);
    expect((await states('x')).status).toBe(400);
  });

  const finish = (body: unknown, key?: string) =>
    stack.ask('POST', `/jobs/${uuid}/finish`, body, key);

  test('is finished without an agent once, with a reason', async () => {
    expect((await finish({ detail: 'no capacity' })).status).toBe(200);
    expect(await stack.admin.buildkiteJob(uuid)).toMatchObject({
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
    const job = await stack.admin.buildkiteJob(uuid);
    expect(job.exitStatus).toBe('0');
    expect(job.signalReason).toBeUndefined();
  });

  test.each([{}, { detail: '' }, { detail: 'x'.repeat(4097) }, { detail: 'x', exit_status: '1' }])(
    'is not finished with %j',
    async (body) => {
      expect((await finish(body)).status).toBe(422);
      expect(await stack.stateOf(uuid)).toBe('scheduled');
    },
  );

  test('is not finished by a stack while an agent or another stack has it', async () => {
    await stack.register({ ...stackBody, key: 'theirs' });
    await stack.reserve([uuid]);
    expect((await finish({ detail: 'x' }, 'theirs')).status).toBe(422);
    const agent = await TestAgent.connect(stack.sandbox);
    await agent.begin(uuid);
    expect((await finish({ detail: 'x' })).status).toBe(422);
    expect(await stack.stateOf(uuid)).toBe('running');
  });
});

describe('notifications', () => {
  const notify = (notifications: unknown) => stack.ask('POST', '/notifications', { notifications });

  test('are written where they can be, and the others named', async () => {
    const detail = 'waiting for a slot';
    const future = new Date(stack.sandbox.clock.now() + 60_000).toISOString();
    const past = new Date(stack.sandbox.clock.now() - 60_000).toISOString();
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
    expect((await stack.admin.buildkiteJob(uuid)).notifications).toMatchObject([
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
    expect((await stack.admin.buildkiteJob(otherUuid)).notifications).toEqual([]);
  });

  test('are not of a job that ended more than five minutes ago', async () => {
    await stack.admin.cancelBuildkiteJob(uuid);
    stack.sandbox.clock.skip(299);
    expect((await notify([{ job_uuid: uuid, detail: 'x' }])).json).toEqual({ errors: [] });
    stack.sandbox.clock.skip(2);
    expect((await notify([{ job_uuid: uuid, detail: 'x' }])).json).toMatchObject({
      errors: [{ error: 'job finished more than 300 seconds ago' }],
    });
  });
});
