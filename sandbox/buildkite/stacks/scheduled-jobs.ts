import type { BuildkiteReply } from '../call.js';
import { buildIdOf } from '../environment.js';
import type { Job } from '../job.js';
import { badRequest, notFound } from '../refusal.js';
import type { StackCall } from './limited.js';
import { queueOf } from './stacks.js';

const pageMost = 1000;

/** GET stacks/:key/scheduled-jobs: those of a queue that nobody has, oldest first. */
export function scheduledJobs({ buildkite, request, now, stack }: StackCall): BuildkiteReply {
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
