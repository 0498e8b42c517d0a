import type { PlanItem, TargetPlan } from './plan.js';
import type { Plan } from './plan.js';
import type { RunProgress, RunSummary, RunTarget } from './progress.js';
import type { ResultItem, RunResult, TargetResult } from './result.js';
import { addPlanTotals, planTotals } from './totals.js';

/** Puts a run's result together from its counts and the items that its targets hold. */
export function assembleResult(
  summary: RunSummary,
  itemsOf: (target: RunTarget) => readonly ResultItem[],
): RunResult {
  const { runId, workflowId, status, reason, startedAt, endedAt, policies, totals, awsCalls } =
    summary;
  return {
    runId,
    workflowId,
    status,
    ...(reason === undefined ? {} : { reason }),
    startedAt,
    endedAt,
    policies,
    totals,
    awsCalls,
    targets: summary.targets.map((target) => targetResult(target, summary, itemsOf(target))),
  };
}

function targetResult(
  { target, summary, error }: RunTarget,
  run: RunSummary,
  items: readonly ResultItem[],
): TargetResult {
  return {
    ...target,
    items: [...items],
    passes: summary?.passes ?? 0,
    awsCalls: summary?.awsCalls ?? 0,
    startedAt: summary?.startedAt ?? run.startedAt,
    ...(summary ? { endedAt: summary.endedAt } : {}),
    ...(error ? { error } : {}),
  };
}

/** Puts a plan together from what a run knows and the items that its targets hold. */
export function assemblePlan(
  progress: RunProgress,
  itemsOf: (target: RunTarget) => readonly PlanItem[],
): Plan {
  const targets = progress.targets.map((target): TargetPlan => ({
    ...target.target,
    items: [...itemsOf(target)],
    ...(target.error ? { error: target.error } : {}),
  }));
  return {
    targets,
    totals: addPlanTotals(targets.map(({ items }) => planTotals(items))),
    planHash: progress.planHash ?? '',
    ...(progress.refusals.length > 0 ? { refusals: progress.refusals } : {}),
  };
}
