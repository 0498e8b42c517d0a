import { type Target, targetName } from '../target.js';
import type { PlanTotals } from './plan.js';

export interface Rails {
  /** Most deletes of a run, all targets together. */
  maxDeletes?: number | undefined;
  /** Most stacks of a target that a run may delete, in percent of those that live there. */
  maxDeletePercent?: number | undefined;
}

export interface PlannedTarget {
  target: Target;
  totals: PlanTotals;
  /** Stacks to delete, and root stacks that live in the target. */
  stacks: { delete: number; living: number };
}

/** Why a run of these plans must not start; empty when it may. */
export function railRefusals(rails: Rails, planned: readonly PlannedTarget[]): string[] {
  const refusals: string[] = [];
  const deletes = planned.reduce((sum, { totals }) => sum + totals.delete, 0);
  if (rails.maxDeletes !== undefined && deletes > rails.maxDeletes) {
    refusals.push(
      `the plan deletes ${deletes} resources; rails.maxDeletes allows ${rails.maxDeletes}`,
    );
  }
  if (rails.maxDeletePercent === undefined) return refusals;
  for (const { target, stacks } of planned) {
    if (stacks.delete * 100 <= rails.maxDeletePercent * stacks.living) continue;
    const percent = Math.ceil((stacks.delete * 100) / stacks.living);
    refusals.push(
      `the plan deletes ${stacks.delete} of ${stacks.living} stacks (${percent} %) in ${targetName(target)}; ` +
        `rails.maxDeletePercent allows ${rails.maxDeletePercent} %`,
    );
  }
  return refusals;
}
