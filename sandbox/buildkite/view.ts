import { z } from 'zod';
import type { Agent } from './agent.js';
import type { Buildkite } from './buildkite.js';
import { jobStates, type Job } from './job.js';
import { pollingGapMs, type Stack } from './stacks/stacks.js';

/** What the admin API shows of Buildkite, as it truly is. Times are sandbox time, ISO 8601. */

const time = z.string();

export const buildkiteJobStateSchema = z.object({
  uuid: z.string(),
  state: z.enum(jobStates),
  queue: z.string(),
  command: z.string(),
  /** Who said that it had ended: its agent, a stack, or Buildkite (lost, cancelled before it ran). */
  endedBy: z.enum(['agent', 'stack', 'buildkite']).optional(),
  exitStatus: z.string().optional(),
  signal: z.string().optional(),
  signalReason: z.string().optional(),
  detail: z.string().optional(),
  chunksFailedCount: z.number().optional(),
  /** Id of the agent that has it, or had it last. */
  agent: z.string().optional(),
  reservation: z.object({ stack: z.string(), until: time }).optional(),
  log: z.object({
    /** Uncompressed. */
    bytes: z.number(),
    sha256: z.string(),
    chunks: z.number(),
    /** Chunks that came again: with the same content, and with another (the first stands). */
    repeats: z.number(),
    conflicts: z.number(),
    /** Bytes between chunks that nobody sent, bytes that two chunks claim, chunk numbers that are missing. */
    gaps: z.array(z.object({ before: z.number(), count: z.number() })),
    overlaps: z.array(z.object({ before: z.number(), count: z.number() })),
    missing: z.array(z.object({ before: z.number(), count: z.number() })),
  }),
  /** Bytes of log that had been accepted when it ended. */
  bytesAtFinish: z.number().optional(),
  scheduledAt: time,
  startedAt: time.optional(),
  finishedAt: time.optional(),
  retriedBy: z.string().optional(),
  backoffSequences: z.array(z.number()),
  notifications: z.array(z.object({ stack: z.string(), detail: z.string(), timestamp: time })),
  data: z.record(z.string(), z.string()),
  annotations: z.array(
    z.object({
      context: z.string(),
      style: z.string(),
      body: z.string(),
      priority: z.number(),
    }),
  ),
  /** Calls about it that were refused, the first 500. */
  refusals: z.array(z.object({ action: z.string(), status: z.number(), why: z.string(), time })),
});
export type BuildkiteJobState = z.infer<typeof buildkiteJobStateSchema>;

export const buildkiteAgentStateSchema = z.object({
  id: z.string(),
  name: z.string(),
  tags: z.array(z.string()),
  state: z.enum(['registered', 'connected', 'disconnected', 'lost']),
  ignoresDispatches: z.boolean(),
  /** Uuid of the job that it has and hasn't finished. */
  job: z.string().optional(),
  registeredAt: time,
  lastHeartbeat: time,
  heartbeats: z.number(),
  pings: z.number(),
});
export type BuildkiteAgentState = z.infer<typeof buildkiteAgentStateSchema>;

export const buildkiteStackStateSchema = z.object({
  key: z.string(),
  type: z.string(),
  queue: z.string(),
  metadata: z.record(z.string(), z.string()),
  /** `disconnected` when it hasn't listed jobs for 30 s. */
  state: z.enum(['connected', 'disconnected']),
  registeredAt: time,
  lastPolledAt: time,
  /** How often a poll came more than 30 s after the one before. */
  gaps: z.number(),
  reserved: z.array(z.string()),
});
export type BuildkiteStackState = z.infer<typeof buildkiteStackStateSchema>;

export function viewOfJob(job: Job): BuildkiteJobState {
  const { end, agent, reservation, retriedBy } = job;
  const { flaws, ...log } = job.log.summary();
  const flawsOf = (kind: string) =>
    flaws.filter((flaw) => flaw.kind === kind).map(({ before, count }) => ({ before, count }));
  return {
    uuid: job.uuid,
    state: job.state,
    queue: job.spec.queue,
    command: job.spec.command,
    endedBy: end?.by,
    exitStatus: end?.exitStatus,
    signal: end?.signal,
    signalReason: end?.signalReason,
    detail: end?.detail,
    chunksFailedCount: end?.chunksFailedCount,
    agent: agent?.id,
    reservation: reservation && { stack: reservation.stack, until: iso(reservation.until) },
    log: {
      ...log,
      gaps: flawsOf('gap'),
      overlaps: flawsOf('overlap'),
      missing: flawsOf('missing'),
    },
    bytesAtFinish: end?.bytes,
    scheduledAt: iso(job.scheduledAt),
    startedAt: job.startedAt,
    finishedAt: end?.finishedAt,
    retriedBy: retriedBy?.uuid,
    backoffSequences: [...job.backoffSequences],
    notifications: [...job.notifications],
    data: Object.fromEntries(job.data),
    annotations: [...job.annotations.values()],
    refusals: [...job.refusals],
  };
}

export function viewOfAgent(agent: Agent): BuildkiteAgentState {
  return {
    id: agent.id,
    name: agent.name,
    tags: [...agent.tags],
    state: agent.state,
    ignoresDispatches: agent.ignoresDispatches,
    job: agent.job?.uuid,
    registeredAt: iso(agent.registeredAt),
    lastHeartbeat: iso(agent.lastHeartbeat),
    heartbeats: agent.heartbeats,
    pings: agent.pings,
  };
}

export function viewOfStack(buildkite: Buildkite, stack: Stack): BuildkiteStackState {
  const isQuiet = buildkite.clock.now() - stack.lastPolledAt > pollingGapMs;
  const reserved = [...buildkite.jobs.all()].filter((job) => job.reservation?.stack === stack.key);
  return {
    key: stack.key,
    type: stack.type,
    queue: stack.queue,
    metadata: { ...stack.metadata },
    state: isQuiet ? 'disconnected' : 'connected',
    registeredAt: iso(stack.registeredAt),
    lastPolledAt: iso(stack.lastPolledAt),
    gaps: stack.gaps,
    reserved: reserved.map((job) => job.uuid),
  };
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
