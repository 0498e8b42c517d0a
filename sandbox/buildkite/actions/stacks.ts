import { z } from 'zod';
import { bodyOf, expectClusterToken, type BuildkiteCall, type BuildkiteReply } from '../call.js';
import { buildIdOf, environmentOf } from '../environment.js';
import type { Job } from '../job.js';
import { rateHeaders, type RateScope } from '../rates.js';
import { badRequest, BuildkiteRefusal, notFound } from '../refusal.js';
import type { Route } from '../routes.js';
import { queueOf, type Stack } from '../stacks.js';
import { notify } from './notifications.js';

export type StackAction = (call: BuildkiteCall, stack: Stack) => BuildkiteReply;

const required = z.string({ error: 'is required' });
const registerSchema = z.object({
  key: required
    .regex(/^[\w-]+$/, 'letters, digits, _ and - only')
    .refine((key) => Buffer.byteLength(key) <= 80, 'has at most 80 bytes'),
  type: z.enum(['kubernetes', 'elastic', 'custom'], {
    error: 'must be kubernetes, elastic or custom',
  }),
  queue_key: required.min(1, 'is required'),
  metadata: z
    .record(z.string().max(64), z.string().max(256), { error: 'is required' })
    .refine((metadata) => Object.keys(metadata).length <= 100, 'has at most 100 keys'),
});

/** POST stacks/register: a new stack (201) or a known one (200). */
function register(call: BuildkiteCall): BuildkiteReply {
  const { buildkite, now } = call;
  const body = bodyOf(call, registerSchema);
  const queue = queueOf(body.queue_key);
  if (!buildkite.hasQueue(queue)) throw notFound(`The cluster has no queue "${queue}"`);
  const { maxStacks = Infinity } = buildkite.settings;
  const isFull = !buildkite.stacks.find(body.key) && buildkite.stacks.all().length >= maxStacks;
  if (isFull) throw new BuildkiteRefusal(403, `The organization has ${maxStacks} stacks already`);
  const { key, type, metadata } = body;
  const { stack, isNew } = buildkite.stacks.register({ key, type, queue, metadata }, now);
  return {
    status: isNew ? 201 : 200,
    json: {
      id: stack.id,
      organization_uuid: '00000000-0000-4000-8000-000000000000',
      key,
      type,
      cluster_queue_key: queue,
      metadata,
      last_connected_on: new Date(stack.lastPolledAt).toISOString(),
      state: 'connected',
    },
    subject: key,
    effective: isNew,
  };
}

const pageMost = 1000;

/** GET stacks/:key/scheduled-jobs: those of a queue that nobody has, oldest first. */
function scheduledJobs(call: BuildkiteCall, stack: Stack): BuildkiteReply {
  const { buildkite, request, now } = call;
  const key = request.query.get('queue_key');
  if (key === null || key === '') throw badRequest('queue_key is required');
  const queue = queueOf(key);
  if (!buildkite.hasQueue(queue)) throw notFound(`The cluster has no queue "${queue}"`);
  const limit = limitOf(request.query.get('limit'));
  const after = cursorOf(request.query.get('after'));
  buildkite.stacks.polled(stack, now);
  const found: Job[] = [];
  for (const job of buildkite.jobs.all()) {
    if (job.state !== 'scheduled' || job.spec.queue !== queue || job.order <= after) continue;
    if (found.push(job) > limit) break;
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const isPaused = buildkite.pausedQueues.has(queue);
  return {
    json: {
      jobs: page.map(shown),
      page_info: {
        has_next_page: found.length > limit,
        end_cursor: last ? Buffer.from(`job:${last.order}`).toString('base64') : null,
      },
      // The documentation says dispatch_paused, Buildkite's Go client reads paused.
      cluster_queue: { id: `queue-${queue}`, dispatch_paused: isPaused, paused: isPaused },
    },
  };
}

function limitOf(text: string | null): number {
  if (text === null) return 100;
  const limit = Number(text);
  if (!/^\d+$/.test(text) || limit < 1 || limit > pageMost)
    throw badRequest(`limit must be a whole number from 1 to ${pageMost}, was "${text}"`);
  return limit;
}

function cursorOf(text: string | null): number {
  if (text === null || text === '') return -1;
  const order = /^job:(\d+)$/.exec(Buffer.from(text, 'base64').toString())?.[1];
  if (order === undefined) throw badRequest('after is no cursor of an earlier page');
  return Number(order);
}

function shown(job: Job): unknown {
  const scheduledAt = new Date(job.scheduledAt).toISOString();
  return {
    id: job.uuid,
    priority: job.spec.priority,
    agent_query_rules: job.queryRules,
    scheduled_at: scheduledAt,
    runnable_at: scheduledAt,
    pipeline: { slug: 'sandbox', uuid: '00000000-0000-4000-8000-000000000001' },
    build: { number: job.order + 1, branch: 'main', uuid: buildIdOf(job) },
    step: { key: job.spec.label ?? null },
  };
}

const uuids = z.array(z.string());

function uuidsOf(call: BuildkiteCall): string[] {
  const { job_uuids } = bodyOf(call, z.object({ job_uuids: z.unknown() }));
  const parsed = uuids.safeParse(job_uuids);
  if (!parsed.success) throw badRequest('job_uuids must be an array of strings');
  if (parsed.data.length > pageMost) throw badRequest(`job_uuids has at most ${pageMost}`);
  return parsed.data;
}

/** PUT stacks/:key/scheduled-jobs/batch-reserve: nobody else sees them until then; again extends it. */
function batchReserve(call: BuildkiteCall, stack: Stack): BuildkiteReply {
  const { buildkite, now } = call;
  const wanted = uuidsOf(call);
  const { reservation_expiry_seconds: given = 900 } = bodyOf(
    call,
    z.object({ reservation_expiry_seconds: z.unknown() }),
  );
  if (!z.number().int().min(1).max(3600).safeParse(given).success)
    throw badRequest('reservation_expiry_seconds must be a whole number from 1 to 3600');
  const until = now + Number(given) * 1000;
  const reserved = wanted.filter((uuid) => {
    const job = buildkite.jobs.find(uuid);
    return job !== undefined && buildkite.lifecycle.reserve(job, stack.key, until);
  });
  const has = new Set(reserved);
  return {
    json: { reserved, not_reserved: wanted.filter((uuid) => !has.has(uuid)) },
    effective: reserved.length > 0,
  };
}

/** GET stacks/:key/jobs/:id. */
function getJob(call: BuildkiteCall): BuildkiteReply {
  const job = wanted(call);
  return { json: { id: job.uuid, env: environmentOf(job), command: job.spec.command } };
}

/** POST stacks/:key/jobs/get-states: of those that there are. */
function getStates(call: BuildkiteCall): BuildkiteReply {
  const states = uuidsOf(call).flatMap((uuid): [string, string][] => {
    const job = call.buildkite.jobs.find(uuid);
    return job ? [[uuid, job.state]] : [];
  });
  return { json: { states: Object.fromEntries(states) } };
}

const finishSchema = z.object({
  exit_status: z.number().int().default(-1),
  detail: required
    .min(1, 'is required')
    .refine((detail) => Buffer.byteLength(detail) <= 4096, 'has at most 4096 bytes'),
});

/** POST stacks/:key/jobs/:id/finish: once, for a job that no agent has. */
function finish(call: BuildkiteCall, stack: Stack): BuildkiteReply {
  const { exit_status, detail } = bodyOf(call, finishSchema);
  call.buildkite.lifecycle.finishByStack(wanted(call), stack.key, exit_status, detail, call.now);
  return { json: {}, effective: true };
}

/** POST stacks/:key/deregister. */
function deregister(call: BuildkiteCall, stack: Stack): BuildkiteReply {
  call.buildkite.stacks.deregister(stack.key);
  return { status: 204, effective: true };
}

function wanted(call: BuildkiteCall): Job {
  const uuid = call.params['job'] ?? '';
  const job = call.buildkite.jobs.find(uuid);
  if (!job) throw notFound(`No job ${uuid}`);
  return job;
}

/** Checks the token and the rate, finds the stack, and puts the rate's headers on every answer. */
function limited(scope: RateScope, run: StackAction): Route['run'] {
  return (call) => {
    expectClusterToken(call);
    const rate = call.buildkite.rates.take(call.params['stack'] ?? '', scope, call.now);
    const headers = rateHeaders(rate);
    if (!rate.granted) {
      const { limit, current } = rate;
      throw new BuildkiteRefusal(
        429,
        'You have exceeded your API rate limit. Please wait 1 seconds before making more requests.',
        {
          headers: { ...headers, 'Retry-After': '1' },
          fields: { scope, limit, current, reset: 1 },
        },
      );
    }
    try {
      const stack = call.buildkite.stacks.find(call.params['stack'] ?? '');
      if (!stack) throw notFound(`No stack "${call.params['stack'] ?? ''}"`);
      const reply = run(call, stack);
      return { ...reply, headers: { ...headers, ...reply.headers } };
    } catch (error) {
      if (!(error instanceof BuildkiteRefusal)) throw error;
      const { status, message, more } = error;
      throw new BuildkiteRefusal(status, message, {
        ...more,
        headers: { ...headers, ...more.headers },
      });
    }
  };
}

export const stackRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/stacks/register',
    action: 'StackRegister',
    run: (call) => {
      expectClusterToken(call);
      return register(call);
    },
  },
  {
    method: 'GET',
    path: '/stacks/:stack/scheduled-jobs',
    action: 'StackScheduledJobs',
    run: limited('list-scheduled-jobs', scheduledJobs),
  },
  {
    method: 'PUT',
    path: '/stacks/:stack/scheduled-jobs/batch-reserve',
    action: 'StackBatchReserve',
    run: limited('batch-reserve', batchReserve),
  },
  {
    method: 'POST',
    path: '/stacks/:stack/jobs/get-states',
    action: 'StackGetStates',
    run: limited('batch-load-job-states', getStates),
  },
  {
    method: 'GET',
    path: '/stacks/:stack/jobs/:job',
    action: 'StackGetJob',
    run: limited('show-job', getJob),
  },
  {
    method: 'POST',
    path: '/stacks/:stack/jobs/:job/finish',
    action: 'StackFinishJob',
    run: limited('finish-job', finish),
  },
  {
    method: 'POST',
    path: '/stacks/:stack/notifications',
    action: 'StackNotifications',
    run: limited('stack-notification', notify),
  },
  {
    method: 'POST',
    path: '/stacks/:stack/deregister',
    action: 'StackDeregister',
    run: limited('default', deregister),
  },
];
