import { z } from 'zod';
import { AwsError } from '../core/aws-error.js';
import type { Incoming } from '../core/dispatcher.js';
import type { Buildkite } from '../buildkite/buildkite.js';
import type { Job } from '../buildkite/job.js';
import { BuildkiteRefusal } from '../buildkite/refusal.js';
import { buildkiteJobSchema } from '../buildkite/settings.js';
import { viewOfAgent, viewOfJob, viewOfStack } from '../buildkite/view.js';

const jobChangeSchema = z.strictObject({
  uuid: z.string(),
  /** Cancels it; of one that is being cancelled: without waiting for its agent. */
  cancel: z.literal(true).optional(),
  timeOut: z.literal(true).optional(),
  /** It waits for other jobs (acquire is answered with 423), or no longer. */
  locked: z.boolean().optional(),
});
export type BuildkiteJobChange = z.infer<typeof jobChangeSchema>;

/** What an agent's next pings tell it; `{}` takes it back. */
const orderSchema = z.strictObject({
  id: z.string(),
  action: z.enum(['pause', 'disconnect']).optional(),
  message: z.string().optional(),
  endpoint: z.url().optional(),
});
export type BuildkiteAgentOrder = z.infer<typeof orderSchema>;

const queueSchema = z.strictObject({ queue: z.string().min(1), paused: z.boolean() });

type AdminAction = (request: Incoming) => unknown;

/** The admin API's part for Buildkite. */
export function buildkiteActions(
  buildkite: Buildkite,
  jsonOf: (body: Buffer) => unknown,
): [string, AdminAction][] {
  return [
    ['GET /_sandbox/buildkite/jobs', ({ query }) => listJobs(buildkite, query)],
    ['POST /_sandbox/buildkite/jobs', ({ body }) => createJob(buildkite, jsonOf(body))],
    ['PATCH /_sandbox/buildkite/jobs', ({ body }) => changeJob(buildkite, jsonOf(body))],
    ['GET /_sandbox/buildkite/log', ({ query }) => logOf(buildkite, query.get('uuid') ?? '')],
    ['GET /_sandbox/buildkite/agents', () => buildkite.agents.all().map(viewOfAgent)],
    ['PATCH /_sandbox/buildkite/agents', ({ body }) => instruct(buildkite, jsonOf(body))],
    [
      'GET /_sandbox/buildkite/stacks',
      () => buildkite.stacks.all().map((stack) => viewOfStack(buildkite, stack)),
    ],
    ['PUT /_sandbox/buildkite/queue', ({ body }) => pause(buildkite, jsonOf(body))],
    ['GET /_sandbox/buildkite/secrets', () => buildkite.secrets()],
  ];
}

function listJobs(buildkite: Buildkite, query: URLSearchParams): unknown {
  const uuid = query.get('uuid');
  if (uuid !== null) return [viewOfJob(find(buildkite, uuid))];
  const state = query.get('state');
  return [...buildkite.jobs.all()]
    .filter((job) => state === null || job.state === state)
    .map(viewOfJob);
}

function createJob(buildkite: Buildkite, input: unknown): unknown {
  const spec = buildkiteJobSchema.parse(input);
  if (spec.uuid !== undefined && buildkite.jobs.find(spec.uuid))
    throw new AwsError('AlreadyExists', `job ${spec.uuid} is there already`, 409);
  if (!buildkite.hasQueue(spec.queue))
    throw new AwsError('NoSuchQueue', `the cluster has no queue "${spec.queue}"`, 404);
  return viewOfJob(buildkite.createJob(spec));
}

function changeJob(buildkite: Buildkite, input: unknown): unknown {
  const change = jobChangeSchema.parse(input);
  const job = find(buildkite, change.uuid);
  const now = buildkite.clock.now();
  try {
    if (change.cancel) buildkite.lifecycle.cancel(job, now);
    if (change.timeOut) buildkite.lifecycle.timeOut(job, now);
  } catch (error) {
    if (error instanceof BuildkiteRefusal) throw new AwsError('Refused', error.message, 409);
    throw error;
  }
  if (change.locked !== undefined && !buildkite.lifecycle.lock(job, change.locked))
    throw new AwsError('Refused', `job ${job.uuid} is ${job.state}`, 409);
  return viewOfJob(job);
}

function logOf(buildkite: Buildkite, uuid: string): unknown {
  return { text: find(buildkite, uuid).log.text().toString() };
}

function instruct(buildkite: Buildkite, input: unknown): unknown {
  const { id, ...order } = orderSchema.parse(input);
  const agent = buildkite.agents.find(id);
  if (!agent) throw new AwsError('NoSuchAgent', `no agent ${id}`, 404);
  agent.order = order;
  return viewOfAgent(agent);
}

function pause(buildkite: Buildkite, input: unknown): void {
  const { queue, paused } = queueSchema.parse(input);
  if (paused) buildkite.pausedQueues.add(queue);
  else buildkite.pausedQueues.delete(queue);
}

function find(buildkite: Buildkite, uuid: string): Job {
  const job = buildkite.jobs.find(uuid);
  if (!job) throw new AwsError('NoSuchJob', `no job ${uuid}`, 404);
  return job;
}
