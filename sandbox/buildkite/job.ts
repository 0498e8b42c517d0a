import type { Agent } from './agent.js';
import { JobLog } from './job-log.js';
import type { BuildkiteJobSpec } from './settings.js';

/**
 * The states of a command job (Buildkite docs, GraphQL JobStates), and `reserved` of the Stacks API. `limited` is a
 * job that waits for others of its concurrency group, or for a dependency: it can't be acquired yet.
 */
export const jobStates = [
  'limited',
  'scheduled',
  'reserved',
  'assigned',
  'accepted',
  'running',
  'canceling',
  'canceled',
  'timing_out',
  'timed_out',
  'finished',
] as const;
export type JobState = (typeof jobStates)[number];

/** States that a job never leaves. */
export const endStates: ReadonlySet<JobState> = new Set(['canceled', 'timed_out', 'finished']);

/** How a job ended. */
export interface JobEnd {
  /** Who said so. */
  by: 'agent' | 'stack' | 'buildkite';
  /** Absent for a job that was cancelled before it ran. */
  exitStatus?: string | undefined;
  signal?: string | undefined;
  signalReason?: string | undefined;
  /** Why, where a stack says so. */
  detail?: string | undefined;
  chunksFailedCount?: number | undefined;
  /** ISO 8601. */
  finishedAt: string;
  /** Bytes of log that had been accepted by then. */
  bytes: number;
}

export interface Annotation {
  context: string;
  style: string;
  body: string;
  priority: number;
}

export interface Notification {
  stack: string;
  detail: string;
  /** ISO 8601. */
  timestamp: string;
}

/** A call about a job that was refused. */
export interface RefusedCall {
  action: string;
  status: number;
  why: string;
  /** ISO 8601, sandbox time. */
  time: string;
}

const refusalsKept = 500;

export class Job {
  state: JobState = 'scheduled';
  /** Who has it, or had it last. */
  agent: Agent | undefined;
  reservation: { stack: string; until: number } | undefined;
  /** Until when it has to be accepted, after a ping gave it out. */
  assignedUntil = 0;
  /** ISO 8601, as the agent said. */
  startedAt: string | undefined;
  end: JobEnd | undefined;
  endedAt: number | undefined;
  /** The job that runs it again. */
  retriedBy: Job | undefined;
  /** `X-Buildkite-Backoff-Sequence` of each attempt to acquire it. */
  readonly backoffSequences: number[] = [];
  readonly log = new JobLog();
  readonly data = new Map<string, string>();
  readonly annotations = new Map<string, Annotation>();
  readonly notifications: Notification[] = [];
  readonly refusals: RefusedCall[] = [];

  constructor(
    readonly uuid: string,
    /** Its place among all jobs: lists are in this order. */
    readonly order: number,
    readonly spec: BuildkiteJobSpec,
    /** Its own token; used where the sandbox is asked for job tokens. */
    readonly token: string,
    /** Sandbox time, ms since the epoch. */
    readonly scheduledAt: number,
    /** How often it was run before, as other jobs. */
    readonly retryCount: number = 0,
  ) {}

  get queryRules(): string[] {
    return [`queue=${this.spec.queue}`, ...this.spec.tags];
  }

  get hasEnded(): boolean {
    return endStates.has(this.state);
  }

  /** Whether its agent works on it, so that it may write log: also while it is being cancelled or timed out. */
  get isUnderway(): boolean {
    return ['running', 'canceling', 'timing_out'].includes(this.state);
  }

  refuse(call: RefusedCall): void {
    if (this.refusals.length < refusalsKept) this.refusals.push(call);
  }
}
