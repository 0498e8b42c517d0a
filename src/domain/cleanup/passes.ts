import type { PlannedItem } from './build-plan.js';
import { type ItemState, isFinal, newItemState } from './item-state.js';
import { blockStranded } from './order.js';
import { type TroubleRules, applyLastResort } from './settle.js';

export type Items = Map<string, ItemState>;

/** What a policy says of passes. */
export interface PassRules extends TroubleRules {
  /** Passes in which an item is tried, at the most. */
  passes: number;
  /** What becomes of resources that a later pass finds and the plan did not hold. */
  newStacks: 'leave' | 'next-pass';
}

export type RulesOf = (policy: string) => PassRules;

/**
 * Decides whether another pass is worth it: something was deleted in this one, or something has not
 * had its second try. Never because time has passed.
 */
export function anotherPass(
  items: Items,
  pass: number,
  deletedInPass: number,
  rulesOf: RulesOf,
): boolean {
  for (const state of items.values()) {
    if (state.phase !== 'deferred' || pass >= rulesOf(state.item.policy).passes) continue;
    if (deletedInPass > 0 || state.passes < 2) return true;
  }
  return false;
}

/** Puts those that a policy allows a last resort back in the queue; whether there were any. */
export function takeLastResorts(items: Items, rulesOf: RulesOf): boolean {
  let any = false;
  for (const state of items.values()) {
    if (state.phase === 'deferred' && applyLastResort(state, rulesOf(state.item.policy)))
      any = true;
  }
  return any;
}

/** What a pass starts from: what is there now, compared with what is known. */
export interface NewLook {
  found: readonly PlannedItem[];
  /** Known ids that are no more. */
  gone: ReadonlySet<string>;
  /** How many items may be taken up that the plan did not hold. */
  allowance: number;
}

/** Begins a pass: puts what was deferred back in the queue, as far as a new look at the target allows. */
export function beginPass(items: Items, look: NewLook, rulesOf: RulesOf, pass: number): number {
  const found = new Map(look.found.map((item) => [item.id, item]));
  for (const [id, state] of items) {
    if (state.phase === 'deferred') resume(state, found.get(id), look.gone.has(id), pass, rulesOf);
    else if (state.phase === 'blocked') unblock(state, found.get(id), look.gone.has(id));
  }
  let taken = 0;
  for (const item of look.found) {
    if (items.has(item.id) || rulesOf(item.policy).newStacks === 'leave') continue;
    if (item.decision === 'delete' && taken >= look.allowance) continue;
    if (item.decision === 'delete') taken += 1;
    items.set(item.id, newItemState(item));
  }
  return taken;
}

function resume(
  state: ItemState,
  now: PlannedItem | undefined,
  gone: boolean,
  pass: number,
  rulesOf: RulesOf,
): void {
  if (gone) {
    state.phase = 'deleted';
    state.reason = 'it went between two passes';
    return;
  }
  if (!now) {
    state.phase = 'skipped';
    state.reason = 'no policy selects it any more';
    return;
  }
  if (now.decision !== 'delete') {
    const { reason, blockedBy } = newItemState(now);
    state.phase = now.decision === 'skip' ? 'skipped' : 'blocked';
    if (reason !== undefined) state.reason = reason;
    if (blockedBy) state.blockedBy = blockedBy;
    return;
  }
  if (pass > rulesOf(state.item.policy).passes) return;
  state.phase = 'waiting';
  // What stands on it may have changed since; its place in the plan stays for the report.
  state.item = { ...now, ...(state.item.wave === undefined ? {} : { wave: state.item.wave }) };
}

/** What was blocked by something that has gone since may go now, if this run had tried to delete it. */
function unblock(state: ItemState, now: PlannedItem | undefined, gone: boolean): void {
  if (gone) {
    state.phase = 'deleted';
    state.reason = 'it went between two passes';
    delete state.blockedBy;
  } else if (now?.decision === 'delete' && state.item.decision === 'delete') {
    state.phase = 'waiting';
    state.item = now;
    delete state.reason;
    delete state.blockedBy;
  }
}

/**
 * Nothing more will be tried: whatever is still open has failed, or was never begun. `stopped` says why
 * the run ended before its end, if it did.
 */
export function closeBooks(items: Items, stopped?: string): void {
  const open = [...items.values()].filter((state) => !isFinal(state));
  for (const state of open.filter(({ attempts }) => attempts > 0)) {
    state.phase = 'failed';
    state.reason ??= 'it did not go';
  }
  // What failed stays, and so does what it stands on.
  if (stopped === undefined) blockStranded(items);
  for (const state of open.filter((each) => !isFinal(each))) {
    state.phase = stopped === undefined ? 'blocked' : 'skipped';
    state.reason = stopped ?? state.reason ?? 'its turn never came: what it waits for did not go';
  }
}
