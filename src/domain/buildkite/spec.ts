import type { BuildOverrides } from '../builds/overrides.js';
import type { InfrastructureRetry } from '../builds/retry-schema.js';
import type { BuildPlace } from '../builds/spec.js';
import type { BuildkiteSettings } from '../config/index.js';

/** How to get at Buildkite: names only, never a secret. */
export type BuildkiteAccess = Pick<BuildkiteSettings, 'endpoint' | 'token'>;

/** What `prepareQueue` makes of a queue of the config. */
export interface QueueSpec extends BuildkiteAccess {
  /** Key of the queue. */
  queue: string;
  /** Agent tags, `queue=…` first. */
  tags: string[];
  intake: BuildkiteSettings['intake'];
  /** Of the stack that takes this queue's jobs: up to 80 bytes. */
  stackKey: string;
  /** How long a job is reserved, as a duration. */
  reservation: string;
  /** Jobs at a time. */
  concurrency: number;
  /** Jobs reserved beyond these. */
  ahead: number;
  place: BuildPlace;
  project: string;
  /** Other projects that a job may name; any when absent. */
  projects?: string[];
  overrides: BuildOverrides;
  retry: InfrastructureRetry;
}

/** How a job came to us. */
export type JobSource =
  /** By its id: it is acquired. */
  | { kind: 'named' }
  /** Reserved by the queue's stack: it is acquired, and given back with a word where that fails. */
  | { kind: 'reserved' }
  /** Handed to an agent of ours that pinged: that agent accepts it. The job is sealed, as it was handed out. */
  | { kind: 'dispatched'; session: string; job: string };

/** Input of `buildkiteJob`, as a queue gives it. */
export interface JobSpec {
  jobId: string;
  queue: QueueSpec;
  source: JobSource;
}

/** A job that we have, with all that is secret about it sealed. */
export interface TakenJob {
  /** The agent's session, and the job's token. */
  session: string;
  /** The environment of its build. */
  env: string;
  chunkBytes: number;
  logMaxBytes: number;
  project: string;
  overrides: BuildOverrides;
  /** What is wrong with the job's overrides; it is not run then. */
  problems: string[];
}

/** Who may open what was sealed for a job, and for what. */
export const sealedFor = {
  agent: (queue: string) => `buildkite queue ${queue} agent`,
  session: (jobId: string) => `buildkite job ${jobId} session`,
  job: (jobId: string) => `buildkite job ${jobId} as handed out`,
  env: (jobId: string) => `buildkite job ${jobId} environment`,
} as const;

/** The SSM parameter that holds a job's access token while its build runs. */
export function tokenParameter(jobId: string): string {
  return `/nightshift/buildkite/jobs/${jobId}`;
}
