import type { PlannedItem } from './build-plan.js';
import type { FailureClass, WaitName } from './classify.js';
import type { StackInFlight } from './deletes.js';
import type { ItemKind, Reference } from './plan.js';
import type { Orphan, ResultItem, StackEvent } from './result.js';

/**
 * The life of an item within a run:
 *
 *   waiting ──► deleting ──► deleted
 *      ▲           │ │
 *      │           │ └─────► deferred ──(next pass)──► waiting
 *      │           ▼             │
 *      └──────── mending         └──(no further pass)──► failed
 *
 *   waiting ──► blocked   what stands on it stays
 *   waiting ──► skipped   by a person, by the policy, or protected after all
 */
export const openPhases = ['waiting', 'deleting', 'mending', 'deferred'] as const;
export const finalPhases = ['deleted', 'skipped', 'blocked', 'failed'] as const;
export type Phase = (typeof openPhases)[number] | (typeof finalPhases)[number];

export interface ItemState {
  item: PlannedItem;
  phase: Phase;
  /** Deletes sent. */
  attempts: number;
  /** Passes in which it was tried. */
  passes: number;
  /** The last of them. */
  lastPass?: number;
  startedAt?: string;
  endedAt?: string;
  reason?: string;
  failureClass?: FailureClass;
  blockedBy?: Reference[];
  events?: StackEvent[];
  orphans?: Orphan[];
  /** How the next attempt differs from a plain delete. */
  next?: { retain?: string[]; force?: boolean; roleArn?: string; disableProtection?: boolean };
  /** The attempt in flight. */
  flight?: StackInFlight;
  /** Resources that the next attempt leaves behind, entered in the ledger when it succeeds. */
  leaving?: Orphan[];
  /** Mends so far, by kind: each has a bound. */
  mends?: Partial<
    Record<WaitName | 'buckets' | 'role' | 'last-resort' | 'not-begun' | 'protection', number>
  >;
}

export function isFinal(state: ItemState): boolean {
  return (finalPhases as readonly string[]).includes(state.phase);
}

/** Whether nothing more happens to the item in this pass. */
export function isSettled(state: ItemState): boolean {
  return state.phase === 'deferred' || isFinal(state);
}

export function newItemState(item: PlannedItem): ItemState {
  const state: ItemState = { item, phase: 'waiting', attempts: 0, passes: 0 };
  switch (item.decision) {
    case 'delete':
      return state;
    case 'skip':
      return { ...state, phase: 'skipped', ...(item.reason ? { reason: item.reason } : {}) };
    case 'blocked':
      return {
        ...state,
        phase: 'blocked',
        ...(item.reason ? { reason: item.reason } : {}),
        ...(item.blockedBy ? { blockedBy: item.blockedBy } : {}),
      };
  }
}

/** The item as the result shows it; an item that is still open counts as failed. */
export function toResultItem(state: ItemState): ResultItem {
  const { item } = state;
  const outcome = isFinal(state) ? (state.phase as ResultItem['outcome']) : 'failed';
  return {
    kind: item.kind,
    id: item.id,
    name: item.name,
    policy: item.policy,
    outcome,
    attempts: state.attempts,
    passes: state.passes,
    ...(item.wave === undefined ? {} : { wave: item.wave }),
    ...(item.dependents ? { dependents: item.dependents } : {}),
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    ...(state.blockedBy ? { blockedBy: state.blockedBy } : {}),
    ...(state.startedAt ? { startedAt: state.startedAt } : {}),
    ...(state.endedAt ? { endedAt: state.endedAt } : {}),
    ...(state.failureClass && outcome !== 'deleted' ? { failureClass: state.failureClass } : {}),
    ...(state.events && outcome !== 'deleted' ? { events: state.events } : {}),
    ...(state.orphans ? { orphans: state.orphans } : {}),
  };
}

/** Most attempts at mending each kind of failure before the item waits for the next pass. */
export const mendLimits: Readonly<Record<keyof NonNullable<ItemState['mends']>, number>> = {
  // Users report 25-45 minutes for a function's interfaces, hours for Lambda@Edge.
  networkInterfaces: 10,
  replicatedFunction: 12,
  throttled: 5,
  busy: 60,
  buckets: 3,
  role: 1,
  'last-resort': 1,
  'not-begun': 3,
  protection: 1,
};

/** Counts a mend of this kind; false when its limit is reached. */
export function countMend(state: ItemState, kind: keyof typeof mendLimits): boolean {
  const done = state.mends?.[kind] ?? 0;
  if (done >= mendLimits[kind]) return false;
  state.mends = { ...state.mends, [kind]: done + 1 };
  return true;
}

export function kindName(kind: ItemKind): string {
  switch (kind) {
    case 'stack':
      return 'stack';
    case 'bucket':
      return 'bucket';
    case 'rds-snapshot':
      return 'RDS snapshot';
  }
}
