import { z } from 'zod';
import {
  bodyOf,
  jobOf,
  ownJobOf,
  sessionOf,
  type BuildkiteCall,
  type BuildkiteReply,
} from '../call.js';
import { unauthorized, unprocessable } from '../refusal.js';
import { endpointOf, renderJob } from '../render.js';
import type { Job } from '../job.js';

/** PUT jobs/:id/acquire: this very job, for this agent. */
export function acquire(call: BuildkiteCall): BuildkiteReply {
  const agent = sessionOf(call);
  const job = jobOf(call);
  const { headers } = call.request;
  if (headers['x-buildkite-lock-acquire-job'] !== '1')
    throw unprocessable('Expected X-Buildkite-Lock-Acquire-Job to be set to 1');
  const backoff = Number(headers['x-buildkite-backoff-sequence'] ?? 0);
  if (agent.state !== 'connected') throw unprocessable(`Agent ${agent.name} has not connected`);
  const effective = call.buildkite.lifecycle.acquire(job, agent, backoff >= 0 ? backoff : 0);
  return { json: shown(call, job), effective };
}

/** PUT jobs/:id/accept: the job that a ping gave to this agent. */
export function accept(call: BuildkiteCall): BuildkiteReply {
  const agent = sessionOf(call);
  const job = jobOf(call);
  if (job.agent !== agent)
    throw unprocessable(`Job ${job.uuid} can't be accepted: agent ${agent.name} doesn't have it`);
  call.buildkite.lifecycle.accept(job);
  return { json: shown(call, job), effective: true };
}

/** PUT jobs/:id/start. */
export function start(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobOf(call);
  const time = z.iso.datetime({ offset: true });
  const { started_at } = bodyOf(call, z.object({ started_at: time.optional() }));
  const startedAt = started_at ?? new Date(call.now).toISOString();
  call.buildkite.lifecycle.start(job, startedAt, call.now);
  return { json: shown(call, job), effective: true };
}

/** GET jobs/:id: its state. */
export function state(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobOf(call);
  const isStopped = ['canceling', 'canceled', 'timing_out', 'timed_out'].includes(job.state);
  if (isStopped && call.buildkite.settings.cancelAnswers === '401')
    throw unauthorized(`Job ${job.uuid} is no longer this agent's`);
  return { json: { id: job.uuid, state: job.state } };
}

const finishSchema = z.object({
  // A number is refused: a job of the replaced system never finished because of that.
  exit_status: z.string().regex(/^-?\d{1,10}$/, 'must be a whole number, as a string'),
  signal: z.string().optional(),
  signal_reason: z.string().optional(),
  finished_at: z.iso.datetime({ offset: true }).optional(),
  chunks_failed_count: z.number().int().min(0).optional(),
  ignore_agent_in_dispatches: z.boolean().nullish(),
});

/** PUT jobs/:id/finish: once, and only by the agent that has it. */
export function finish(call: BuildkiteCall): BuildkiteReply {
  const job = ownJobOf(call);
  const { agent } = job;
  const body = bodyOf(call, finishSchema);
  const end = {
    exitStatus: body.exit_status,
    signal: body.signal,
    signalReason: body.signal_reason,
    finishedAt: body.finished_at,
    chunksFailedCount: body.chunks_failed_count,
  };
  call.buildkite.lifecycle.finish(job, end, call.now);
  if (agent && typeof body.ignore_agent_in_dispatches === 'boolean')
    agent.ignoresDispatches = body.ignore_agent_in_dispatches;
  return { json: shown(call, job), effective: true };
}

function shown(call: BuildkiteCall, job: Job): unknown {
  return renderJob(job, call.buildkite.settings, endpointOf(call.request.headers));
}
