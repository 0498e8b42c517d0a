import type { PlanItem, PlanTotals } from './plan.js';
import type { ResultItem, ResultTotals, RunStatus } from './result.js';

export function planTotals(items: Iterable<Pick<PlanItem, 'decision'>>): PlanTotals {
  const totals: PlanTotals = { delete: 0, skip: 0, blocked: 0 };
  for (const item of items) totals[item.decision] += 1;
  return totals;
}

export function resultTotals(
  items: Iterable<Pick<ResultItem, 'outcome' | 'orphans'>>,
): ResultTotals {
  const totals: ResultTotals = { deleted: 0, skipped: 0, blocked: 0, failed: 0, orphaned: 0 };
  for (const item of items) {
    totals[item.outcome] += 1;
    totals.orphaned += item.orphans?.length ?? 0;
  }
  return totals;
}

export function addPlanTotals(totals: Iterable<PlanTotals>): PlanTotals {
  const sum: PlanTotals = { delete: 0, skip: 0, blocked: 0 };
  for (const each of totals) {
    sum.delete += each.delete;
    sum.skip += each.skip;
    sum.blocked += each.blocked;
  }
  return sum;
}

export function addResultTotals(totals: Iterable<ResultTotals>): ResultTotals {
  const sum: ResultTotals = { deleted: 0, skipped: 0, blocked: 0, failed: 0, orphaned: 0 };
  for (const each of totals) {
    sum.deleted += each.deleted;
    sum.skipped += each.skipped;
    sum.blocked += each.blocked;
    sum.failed += each.failed;
    sum.orphaned += each.orphaned;
  }
  return sum;
}

/** A blocked or skipped item is an answer, not a failure; a target that could not be read is one. */
export function statusOf(
  totals: ResultTotals,
  failedTargets: number,
  cancelled: boolean,
): RunStatus {
  if (cancelled) return 'cancelled';
  return totals.failed > 0 || failedTargets > 0 ? 'completed-with-failures' : 'completed';
}
