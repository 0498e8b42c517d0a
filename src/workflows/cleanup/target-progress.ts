import { type ItemState, type Phase, isFinal } from '../../domain/cleanup/item-state.js';
import type { TargetPhase, TargetProgress } from '../../domain/cleanup/progress.js';
import type { Target } from '../../domain/target.js';
import type { TargetContext } from './target-context.js';

const mostShown = 20;

interface ProgressSource {
  context: TargetContext;
  target: Target;
  phase: TargetPhase;
  startedAt: string;
}

export function targetProgress({
  context,
  target,
  phase,
  startedAt,
}: ProgressSource): TargetProgress {
  const states = [...context.items.values()];
  const deleting = states.filter((state) => state.phase === 'deleting');
  return {
    target,
    phase,
    pass: context.pass,
    counts: countPhases(states),
    waves: wavesOf(states),
    deleting: deleting
      .map(({ item, flight, startedAt: since = '' }) => ({
        name: item.name,
        since: flight?.startedAt ?? since,
      }))
      .sort((a, b) => a.since.localeCompare(b.since))
      .slice(0, mostShown),
    recent: [...context.recent],
    awsCalls: context.awsCalls,
    startedAt,
    ...(context.error ? { error: context.error } : {}),
  };
}

function countPhases(states: readonly ItemState[]): TargetProgress['counts'] {
  const of = (phase: Phase) => states.filter((state) => state.phase === phase).length;
  return {
    waiting: of('waiting'),
    deleting: of('deleting'),
    mending: of('mending'),
    deferred: of('deferred'),
    deleted: of('deleted'),
    skipped: of('skipped'),
    blocked: of('blocked'),
    failed: of('failed'),
  };
}

function wavesOf(states: readonly ItemState[]): TargetProgress['waves'] {
  const planned = states.filter(({ item }) => item.wave !== undefined);
  const total = Math.max(0, ...planned.map(({ item }) => (item.wave ?? 0) + 1));
  const open = planned.filter((state) => !isFinal(state)).map(({ item }) => item.wave ?? 0);
  return { total, current: open.length === 0 ? total : Math.min(...open) + 1 };
}
