import { z } from 'zod';
import {
  bodyOf,
  expectClusterToken,
  sessionOf,
  tokenOf,
  type BuildkiteCall,
  type BuildkiteReply,
} from '../call.js';
import { unauthorized, unprocessable } from '../refusal.js';
import { endpointOf, renderJob } from '../render.js';

const registerSchema = z.object({
  name: z.string(),
  meta_data: z.array(z.string()).nullish(),
  ignore_in_dispatches: z.boolean().nullish(),
  features: z.array(z.string()).nullish(),
});

/** POST register: a new agent, with the cluster's agent token. */
export function register(call: BuildkiteCall): BuildkiteReply {
  expectClusterToken(call);
  const { settings, agents } = call.buildkite;
  const body = bodyOf(call, registerSchema);
  const metaData = body.meta_data ?? [];
  const unknown = metaData
    .flatMap((tag) => (tag.startsWith('queue=') ? [tag.slice('queue='.length)] : []))
    .find((queue) => !call.buildkite.hasQueue(queue));
  if (unknown !== undefined) throw unprocessable(`The cluster has no queue "${unknown}"`);
  const name = body.name === '' ? `agent-${agents.all().length + 1}` : body.name;
  const agent = agents.register(name, metaData, body.ignore_in_dispatches ?? false, call.now);
  return {
    json: {
      id: agent.id,
      name: agent.name,
      access_token: agent.token,
      endpoint: endpointOf(call.request.headers),
      request_headers: settings.requestHeaders,
      ping_interval: settings.pingInterval,
      job_status_interval: settings.jobStatusInterval,
      heartbeat_interval: settings.heartbeatInterval,
      meta_data: agent.tags,
    },
    subject: agent.id,
    effective: true,
  };
}

/** POST connect: from now on it may be given jobs. */
export function connect(call: BuildkiteCall): BuildkiteReply {
  const agent = sessionOf(call);
  const effective = agent.state !== 'connected';
  agent.state = 'connected';
  agent.lastHeartbeat = call.now;
  return { json: {}, subject: agent.id, effective };
}

/** POST disconnect: its session ends. Again is fine: agents repeat it when the answer was lost. */
export function disconnect(call: BuildkiteCall): BuildkiteReply {
  const agent = call.buildkite.agents.ofToken(tokenOf(call));
  if (!agent || agent.state === 'lost') throw unauthorized('No session of an agent');
  const effective = agent.state !== 'disconnected';
  if (effective) call.buildkite.agents.disconnect(sessionOf(call), call.now);
  return { json: {}, subject: agent.id, effective };
}

/** POST heartbeat. */
export function heartbeat(call: BuildkiteCall): BuildkiteReply {
  const agent = sessionOf(call);
  const { sent_at } = bodyOf(call, z.object({ sent_at: z.string().optional() }));
  agent.lastHeartbeat = call.now;
  agent.heartbeats += 1;
  return {
    json: { sent_at, received_at: new Date(call.now).toISOString() },
    subject: agent.id,
  };
}

/** GET ping: what to do next. A job that was given out comes again until it is accepted. */
export function ping(call: BuildkiteCall): BuildkiteReply {
  const { buildkite, now } = call;
  const agent = sessionOf(call);
  agent.pings += 1;
  settleUnstarted(call);
  const { action, message, endpoint } = agent.order;
  const told = { action: action ?? '', ...(message === undefined ? {} : { message }) };
  const moved = endpoint === undefined ? {} : { endpoint };
  const mayWork = agent.state === 'connected' && !agent.ignoresDispatches && action === undefined;
  if (mayWork && !agent.job) {
    const job = buildkite.jobs.next(
      (candidate) =>
        buildkite.lifecycle.isFor(candidate, agent) &&
        !buildkite.pausedQueues.has(candidate.spec.queue),
    );
    if (job) buildkite.lifecycle.assign(job, agent, now);
  }
  if (agent.job?.state !== 'assigned') {
    const isIdle = action === undefined && !agent.job;
    return {
      json: { ...told, ...(isIdle ? { action: 'idle' } : {}), ...moved },
      subject: agent.id,
    };
  }
  const job = renderJob(
    agent.job,
    buildkite.settings,
    endpoint ?? endpointOf(call.request.headers),
  );
  return { json: { ...told, job, ...moved }, subject: agent.id };
}

/** An agent whose start was refused because of a cancel drops the job and pings on: the job has ended. */
function settleUnstarted(call: BuildkiteCall): void {
  const { job } = sessionOf(call);
  if (!job || job.startedAt !== undefined) return;
  if (job.state === 'canceling') call.buildkite.lifecycle.cancel(job, call.now);
  else if (job.state === 'timing_out') call.buildkite.lifecycle.timeOut(job, call.now);
}
