import type { Accounts, CleanupSettings, Notifications, Pace, Rails } from '../config/index.js';
import type { Policy } from '../policy/index.js';
import type { Target } from '../target.js';
import type { PlannedItem } from './build-plan.js';
import type { CarriedItem } from './carry.js';
import type { PauseOrder } from './messages.js';
import type { PlanTotals, TargetError } from './plan.js';
import type { ResultItem, ResultTotals } from './result.js';

/** How to get into an account: names only, never a secret. */
export type Access = Pick<Accounts, 'role' | 'externalId' | 'sessionName'>;

/** What a run holds to from its start, whatever happens to the files it was read from. */
export interface RunSettings {
  access: Access;
  pace: Pace;
  rails: Rails;
  cleanup: CleanupSettings;
}

/** What `prepareRun` makes of a run's input. */
export interface RunSpec extends RunSettings {
  mode: 'plan' | 'run';
  /** Whether a person has to approve the plan. */
  requireApproval: boolean;
  /** The plan that was asked for, by its hash. */
  planHash?: string;
  targets: Target[];
  /** Accounts that could not be entered, each as a target of the region that was tried. */
  unreachable: { target: Target; error: TargetError }[];
  policies: Policy[];
  notifications: Notifications;
}

/** Input of `cleanupTarget`. */
export interface TargetSpec {
  mode: 'plan' | 'run';
  target: Target;
  settings: RunSettings;
  policies: Policy[];
  /** Workflow that owns the run; it is told of the plan and says when to proceed. */
  run: { workflowId: string; runId: string };
  /** Look every candidate's termination protection up by name, so that the plan is certain of it. */
  certain: boolean;
  /** Nothing beyond the first plan may be deleted: a person approved it, or named it by its hash. */
  planIsLimit: boolean;
  /** Set when the workflow has continued as new. */
  state?: TargetState;
}

/** What `inspectTarget` found and what would be done. */
export interface TargetInspection {
  items: PlannedItem[];
  hash: string;
  /** Root stacks that live in the target. */
  livingStacks: number;
  /** Of the ids that were asked for, those that are no more. */
  gone: string[];
  awsCalls: number;
}

/** What a target tells its run when it has planned. */
export interface TargetPlanned {
  targetKey: string;
  runId: string;
  totals: PlanTotals;
  stacks: { delete: number; living: number };
  hash: string;
  error?: TargetError;
}

/** What a target's workflow returns: counts. Its items are to be had by query. */
export interface TargetSummary {
  totals: ResultTotals;
  startedAt: string;
  endedAt: string;
  /** The first few that failed or are blocked, for a notice. */
  notable: ResultItem[];
  awsCalls: number;
  passes: number;
  cancelled: boolean;
  error?: TargetError;
}

/** What a target's workflow carries through continue-as-new. */
export interface TargetState {
  inspection: TargetInspection;
  items: CarriedItem[];
  pass: number;
  allowance: number;
  awsCalls: number;
  startedAt: string;
  pauseOrder: PauseOrder;
  cancelled: boolean;
  /** Why nothing more is begun, where it is not that a person cancelled the run. */
  error?: TargetError;
}
