import type { PlannedItem } from './build-plan.js';
import { type Failure, type WaitName, classifyFailure } from './classify.js';
import type { DeleteAnswer, Settlement } from './deletes.js';
import { type ItemState, countMend } from './item-state.js';
import type { StackEvent } from './result.js';

/** What a policy says of the trouble that a delete can run into. */
export interface TroubleRules {
  terminationProtection: 'skip' | 'disable';
  nonEmptyBuckets: 'fail' | 'empty' | 'retain';
  lastResort: 'none' | 'retain' | 'force';
  /** A role to delete with when the stack's own is gone. */
  deleteRoleArn?: string;
}

/** Work that has to be done before the item can be tried again. */
export type Mend =
  | { kind: 'empty-buckets'; itemId: string; buckets: string[] }
  | { kind: 'wait'; itemId: string; wait: WaitName };

type Retry = NonNullable<ItemState['next']>;

/** Takes what DeleteStack answered; returns the work that it calls for. */
export function applyAnswer(
  state: ItemState,
  answer: DeleteAnswer,
  rules: TroubleRules,
): Mend | undefined {
  if (answer.kind === 'accepted') {
    state.phase = 'deleting';
    state.startedAt ??= answer.at;
    return undefined;
  }
  const { refusal, message } = answer;
  state.reason = message;
  switch (refusal.kind) {
    case 'protected':
      if (rules.terminationProtection === 'disable' && countMend(state, 'protection')) {
        retry(state, { ...state.next, disableProtection: true });
      } else {
        state.phase = 'skipped';
        state.reason = 'termination protection is enabled';
      }
      return undefined;
    case 'busy':
      return waitOrDefer(state, 'busy');
    case 'export-in-use':
      return block(state, message, refusal.importers);
    case 'role-gone':
      return otherRole(state, rules);
    case 'not-failed':
      // It left DELETE_FAILED meanwhile: a plain delete is right again.
      delete state.leaving;
      retry(state, {});
      return undefined;
    case 'access-denied':
      state.failureClass = 'access-denied';
      state.phase = 'failed';
      return undefined;
    case 'other':
      state.failureClass = 'unknown';
      state.phase = 'deferred';
      return undefined;
  }
}

/** Takes how a delete in flight ended; returns the work that it calls for. */
export function applySettlement(
  state: ItemState,
  settlement: Settlement,
  rules: TroubleRules,
): Mend | undefined {
  state.endedAt = settlement.at;
  switch (settlement.kind) {
    case 'deleted':
      state.phase = 'deleted';
      delete state.reason;
      enterInLedger(state, settlement.events ?? []);
      return undefined;
    case 'restored':
      state.events = settlement.events;
      return block(state, settlement.reason, settlement.importers);
    case 'not-begun':
      state.reason = `CloudFormation accepted the delete and did not begin it (status ${settlement.status})`;
      if (countMend(state, 'not-begun')) retry(state, state.next ?? {});
      else state.phase = 'deferred';
      return undefined;
    case 'timed-out':
      state.phase = 'failed';
      state.failureClass = 'timed-out';
      state.reason = `still ${settlement.status} when its time was up`;
      return undefined;
    case 'failed':
      state.events = settlement.events;
      dropSkipped(state, settlement.events);
      return applyFailure(
        state,
        classifyFailure(settlement.events, state.item.id, settlement.reason),
        rules,
      );
  }
}

/** What the attempt was allowed to leave behind, and what its events say that it did leave. */
function enterInLedger(state: ItemState, skipped: readonly StackEvent[]): void {
  const left = new Map((state.leaving ?? []).map((orphan) => [orphan.logicalId, orphan]));
  for (const { logicalId, physicalId, type, reason } of skipped) {
    if (left.has(logicalId)) continue;
    left.set(logicalId, {
      logicalId,
      type,
      reason: reason ?? 'skipped by the delete',
      ...(physicalId ? { physicalId } : {}),
    });
  }
  delete state.leaving;
  if (left.size > 0) state.orphans = [...left.values()];
}

function applyFailure(state: ItemState, failure: Failure, rules: TroubleRules): Mend | undefined {
  state.failureClass = failure.class;
  state.reason = failure.reason;
  const { remedy } = failure;
  switch (remedy.kind) {
    case 'buckets':
      return bucketRemedy(state, remedy.buckets, failure, rules);
    case 'wait':
      return waitOrDefer(state, remedy.wait);
    case 'other-role':
      return otherRole(state, rules);
    case 'next-pass':
      state.phase = 'deferred';
      return undefined;
    case 'give-up':
      state.phase = 'failed';
      return undefined;
  }
}

function bucketRemedy(
  state: ItemState,
  buckets: { name: string; logicalId: string }[],
  failure: Failure,
  rules: TroubleRules,
): Mend | undefined {
  if (rules.nonEmptyBuckets === 'empty' && buckets.length > 0 && countMend(state, 'buckets')) {
    state.phase = 'mending';
    return {
      kind: 'empty-buckets',
      itemId: state.item.id,
      buckets: buckets.map(({ name }) => name),
    };
  }
  if (rules.nonEmptyBuckets === 'retain' && buckets.length > 0 && countMend(state, 'buckets')) {
    leaveBehind(state, failure, new Set(buckets.map(({ logicalId }) => logicalId)));
    return undefined;
  }
  state.phase = rules.nonEmptyBuckets === 'fail' ? 'failed' : 'deferred';
  return undefined;
}

/**
 * What a failed attempt has skipped is not named again: RetainResources takes only what is still there. It
 * stays noted for the ledger.
 */
function dropSkipped(state: ItemState, events: readonly StackEvent[]): void {
  if (!state.next?.retain) return;
  const skipped = new Set(
    events.filter(({ status }) => status === 'DELETE_SKIPPED').map(({ logicalId }) => logicalId),
  );
  const { retain, ...rest } = state.next;
  const left = retain.filter((logicalId) => !skipped.has(logicalId));
  state.next = left.length > 0 ? { ...rest, retain: left } : rest;
}

/** Tries again, leaving these resources of the failed delete behind besides those that were to be left before. */
function leaveBehind(state: ItemState, failure: Failure, logicalIds: ReadonlySet<string>): void {
  const left = new Map((state.leaving ?? []).map((orphan) => [orphan.logicalId, orphan]));
  for (const { logicalId, physicalId, type, reason } of failure.failedResources) {
    if (!logicalIds.has(logicalId)) continue;
    left.set(logicalId, {
      logicalId,
      type,
      reason: reason ?? failure.reason,
      ...(physicalId === undefined ? {} : { physicalId }),
    });
  }
  state.leaving = [...left.values()];
  retry(state, { retain: [...new Set([...(state.next?.retain ?? []), ...logicalIds])] });
}

/**
 * The last thing that a policy may allow for a stack that stays DELETE_FAILED. Both ways leave
 * resources behind, so each is entered in the ledger.
 */
export function applyLastResort(state: ItemState, rules: TroubleRules): boolean {
  if (rules.lastResort === 'none' || !state.events || !countMend(state, 'last-resort'))
    return false;
  const failure = classifyFailure(state.events, state.item.id, state.reason);
  if (failure.failedResources.length === 0) return false;
  leaveBehind(state, failure, new Set(failure.failedResources.map(({ logicalId }) => logicalId)));
  if (rules.lastResort === 'force') retry(state, { force: true });
  return true;
}

function otherRole(state: ItemState, rules: TroubleRules): undefined {
  state.failureClass = 'role-gone';
  if (rules.deleteRoleArn !== undefined && countMend(state, 'role'))
    retry(state, { ...state.next, roleArn: rules.deleteRoleArn });
  else state.phase = 'failed';
}

function waitOrDefer(state: ItemState, wait: WaitName): Mend | undefined {
  if (!countMend(state, wait)) {
    state.phase = 'deferred';
    return undefined;
  }
  state.phase = 'mending';
  return { kind: 'wait', itemId: state.item.id, wait };
}

function block(state: ItemState, reason: string, importers: readonly string[]): undefined {
  state.phase = 'blocked';
  state.reason = reason;
  state.blockedBy = importers.map((name) => ({ id: name, name }));
}

/** Back in the queue: how the next attempt differs stays until it says otherwise. */
export function retry(state: ItemState, next: Retry): void {
  state.phase = 'waiting';
  const roleArn = next.roleArn ?? state.next?.roleArn;
  state.next = { ...next, ...(roleArn === undefined ? {} : { roleArn }) };
}

export function attemptToken(run: string, item: PlannedItem, attempt: number): string {
  // ClientRequestToken: 1-128 of [a-zA-Z0-9-]. A StackId ends in a UUID of its own.
  const unique = item.id
    .slice(item.id.lastIndexOf('/') + 1)
    .replaceAll(/[^a-zA-Z0-9-]/g, '-')
    .slice(-40);
  return `nightshift-${run}-${unique}-${attempt}`;
}
