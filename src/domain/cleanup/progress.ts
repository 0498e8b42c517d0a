import type { Target } from '../target.js';
import type { Phase } from './item-state.js';
import type { PlanTotals, TargetError } from './plan.js';
import type { ResultTotals, RunStatus } from './result.js';
import type { TargetSummary } from './spec.js';

export type TargetPhase = 'inspecting' | 'planned' | 'running' | 'paused' | 'cancelling' | 'done';

/** How one target stands: what the query `progress` of `cleanupTarget` returns. */
export interface TargetProgress {
  target: Target;
  phase: TargetPhase;
  pass: number;
  /** Items by phase. */
  counts: Record<Phase, number>;
  /** Waves in the plan, and the earliest that is not through. */
  waves: { total: number; current: number };
  /** Names of what is being deleted, twenty at most, longest first. */
  deleting: { name: string; since: string }[];
  /** What was settled last, twenty at most, newest first. */
  recent: { name: string; phase: Phase; at: string; reason?: string }[];
  awsCalls: number;
  startedAt: string;
  error?: TargetError;
}

export type RunPhase =
  'preparing' | 'planning' | 'awaiting-approval' | 'running' | 'paused' | 'cancelling' | 'done';

/** One target as its run sees it. */
export interface RunTarget {
  target: Target;
  /** Where its workflow is; absent when none was started. */
  workflowId?: string;
  runId?: string;
  phase: 'queued' | 'waiting-for-target' | 'planning' | 'planned' | 'running' | 'done';
  plan?: PlanTotals;
  /** How it ended. */
  summary?: TargetSummary;
  error?: TargetError;
}

/** How a run stands: what the query `progress` of `cleanup` returns. Items are the targets' to tell. */
export interface RunProgress {
  workflowId: string;
  runId: string;
  phase: RunPhase;
  startedAt: string;
  endedAt?: string;
  policies: string[];
  planHash?: string;
  plan?: PlanTotals;
  /** Why the rails refuse the run. */
  refusals: string[];
  targets: RunTarget[];
  status?: RunStatus;
  awsCalls: number;
}

/** What the `cleanup` workflow returns: counts. The client puts the items to it. */
export interface RunSummary {
  runId: string;
  workflowId: string;
  status: RunStatus;
  reason?: string;
  startedAt: string;
  endedAt: string;
  policies: string[];
  planHash?: string;
  totals: ResultTotals;
  awsCalls: number;
  targets: RunTarget[];
}
