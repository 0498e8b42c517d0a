import type { Target } from '../target.js';

/** How a build stands, in CodeBuild's words. */
export const buildStatuses = [
  'IN_PROGRESS',
  'SUCCEEDED',
  'FAILED',
  'FAULT',
  'TIMED_OUT',
  'STOPPED',
] as const;
export type BuildStatus = (typeof buildStatuses)[number];
export type EndedStatus = Exclude<BuildStatus, 'IN_PROGRESS'>;

/** One phase of a build: SUBMITTED, QUEUED, PROVISIONING, DOWNLOAD_SOURCE, INSTALL, PRE_BUILD, BUILD, … */
export interface BuildPhase {
  type: string;
  /** SUCCEEDED, FAILED, FAULT, TIMED_OUT, STOPPED, CLIENT_ERROR; absent while it goes on. */
  status?: string;
  /** ISO 8601. */
  startedAt?: string;
  endedAt?: string;
  seconds?: number;
  /** What CodeBuild says of a phase that failed. */
  message?: string;
}

/** Where a build is to be looked at. */
export interface BuildLinks {
  /** The build's page in the AWS console. */
  console: string;
  /** Its log in the AWS console, once there is one. */
  log?: string;
}

/** Where a build's log is; absent parts are not known yet, or never come: logs can be switched off. */
export interface LogPlace {
  group?: string;
  stream?: string;
  /** The project writes no CloudWatch log. */
  disabled?: boolean;
}

/** A build as CodeBuild shows it now. */
export interface BuildSnapshot {
  /** `<project>:<uuid>`: never reused. */
  buildId: string;
  arn: string;
  project: string;
  target: Target;
  number?: number;
  status: BuildStatus;
  /** The phase it is in. */
  phase?: string;
  phases: BuildPhase[];
  /** ISO 8601. */
  startedAt?: string;
  endedAt?: string;
  log: LogPlace;
  links: BuildLinks;
  /** The workflow that started it, from the build's own marker. */
  workflowId?: string;
  /** The build that CodeBuild itself started in place of this one, after a failure. */
  nextAutoRetry?: string;
  sourceVersion?: string;
}

/** How far a log has been handed to its sinks. */
export interface LogPosition {
  bytes: number;
  events: number;
  /** Pieces that it was handed over in. */
  parts: number;
  /** Pieces that a sink refused for good. */
  lost: number;
}

/** One build that was made for a workflow before the one that counts. */
export interface EarlierBuild {
  buildId: string;
  status: EndedStatus;
  /** Why another one was started. */
  reason: string;
}

/** What `codebuildBuild` returns. */
export interface BuildResult {
  /** Absent for a build that no workflow of ours follows. */
  workflowId?: string;
  runId?: string;
  buildId: string;
  arn: string;
  project: string;
  target: Target;
  status: EndedStatus;
  /** Of the command that failed, where one did. */
  exitStatus?: number;
  /** Why it ended as it did, unless it succeeded. */
  reason?: string;
  phases: BuildPhase[];
  startedAt?: string;
  endedAt?: string;
  /** Bytes and events are those that sinks were given. */
  log: LogPlace & Partial<LogPosition>;
  links: BuildLinks;
  /** Builds that were started again: after a fault of the infrastructure, or by CodeBuild's own retries. */
  earlier: EarlierBuild[];
}

/** What the workflow `codebuildBuild` answers to the query `progress`. */
export interface BuildProgress {
  workflowId: string;
  runId: string;
  /** `starting` until CodeBuild has taken it; `stopping` once a person or a timeout ended it. */
  phase: 'preparing' | 'starting' | 'running' | 'stopping' | 'done';
  project?: string;
  target?: Target;
  /** Of the build that runs, or that ran last. */
  buildId?: string;
  arn?: string;
  links?: BuildLinks;
  earlier: EarlierBuild[];
}
