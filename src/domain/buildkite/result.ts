import type { BuildLinks, EndedStatus } from '../builds/result.js';
import type { BuildPlace } from '../builds/spec.js';
import type { JobSink } from './job-sink.js';

/** How a job is reported to Buildkite. */
export interface JobEnd {
  /** Of the command; -1 where it has none. */
  exitStatus: number;
  /** As `SIGTERM`. */
  signal?: string;
  /** In Buildkite's words: cancel, process_run_error, agent_stop. */
  signalReason?: string;
}

/** Bytes and chunks of a job's log that Buildkite has, and chunks that it refused. */
export interface JobLog {
  bytes: number;
  chunks: number;
  lost: number;
}

/** What `buildkiteJob` returns. */
export interface JobResult extends JobEnd {
  jobId: string;
  queue: string;
  /** `lost`: Buildkite had given the job up by then. */
  outcome: 'finished' | 'cancelled' | 'lost';
  /** What is to be said about it, unless its command ended it. */
  reason?: string;
  build?: { buildId: string; status: EndedStatus; links: BuildLinks };
  log: JobLog;
}

export type JobPhase = 'preparing' | 'taking' | 'running' | 'finishing' | 'done';

/** What `buildkiteJob` answers to the query `job`. */
export interface JobStanding {
  jobId: string;
  queue?: string;
  phase: JobPhase;
  /** Since when, ISO 8601. */
  since: string;
  /** For whoever has to finish the job in place of its workflow: the session is sealed. */
  sink?: JobSink;
  /** Where its build is, and what was put there for it. */
  place?: BuildPlace;
}

/** What `buildkiteQueue` answers to the query `status`. */
export interface QueueStatus {
  queue: string;
  intake: string;
  concurrency: number;
  state: 'preparing' | 'taking' | 'stopping';
  running: string[];
  waiting: string[];
  /** Jobs begun since the queue is served. */
  begun: number;
  /** What keeps it from taking jobs, if something does. */
  trouble?: string;
}
