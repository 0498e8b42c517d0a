import type { TargetProgress } from '../../domain/cleanup/progress.js';

type Counts = TargetProgress['counts'];

/** Items that nothing more happens to. */
export function settledOf({ deleted, failed, blocked, skipped }: Counts): number {
  return deleted + failed + blocked + skipped;
}

/** Items that something may still happen to. */
export function openOf({ waiting, deleting, mending, deferred }: Counts): number {
  return waiting + deleting + mending + deferred;
}

export function addCounts(targets: Iterable<TargetProgress>): Counts {
  const sum: Counts = {
    waiting: 0,
    deleting: 0,
    mending: 0,
    deferred: 0,
    deleted: 0,
    skipped: 0,
    blocked: 0,
    failed: 0,
  };
  for (const { counts } of targets)
    for (const phase of Object.keys(sum) as (keyof Counts)[]) sum[phase] += counts[phase];
  return sum;
}
