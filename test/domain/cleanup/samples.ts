import type { PlannedItem } from '../../../src/domain/cleanup/build-plan.js';
import type { Settlement } from '../../../src/domain/cleanup/deletes.js';
import type { InspectedStack } from '../../../src/domain/cleanup/inspection.js';
import { type ItemState, newItemState } from '../../../src/domain/cleanup/item-state.js';
import type { Reference } from '../../../src/domain/cleanup/plan.js';
import type { StackEvent } from '../../../src/domain/cleanup/result.js';
import type { TroubleRules } from '../../../src/domain/cleanup/settle.js';

export const at = '2026-01-02T03:04:05.000Z';

/** The StackId of a stack of this name. */
export function idOf(name: string): string {
  return `arn:aws:cloudformation:us-east-1:111111111111:stack/${name}/7f0c9d3e`;
}

export function reference(name: string): Reference {
  return { id: idOf(name), name };
}

/** A stack as an inspection found it; `importers` and `readers` by name. */
export function inspected(
  name: string,
  {
    importers = [],
    readers = [],
    ...more
  }: Partial<Omit<InspectedStack, 'importers' | 'readers'>> & {
    importers?: string[];
    readers?: string[];
  } = {},
): InspectedStack {
  return {
    kind: 'stack',
    id: idOf(name),
    name,
    policy: 'stacks',
    status: 'CREATE_COMPLETE',
    protected: false,
    importers: importers.map(reference),
    readers: readers.map(idOf),
    ...more,
  };
}

/** A stack of a plan; `dependents` and `after` by name. */
export function planned(
  name: string,
  {
    dependents,
    after,
    ...more
  }: Partial<Omit<PlannedItem, 'dependents' | 'after'>> & {
    dependents?: string[];
    after?: string[];
  } = {},
): PlannedItem {
  return {
    kind: 'stack',
    id: idOf(name),
    name,
    policy: 'stacks',
    decision: 'delete',
    ...(dependents ? { dependents: dependents.map(idOf) } : {}),
    ...(after ? { after: after.map(idOf) } : {}),
    ...more,
  };
}

/** An item of a run: `planned` with what has become of it so far. */
export function itemState(
  name: string,
  item: Parameters<typeof planned>[1] = {},
  more: Partial<ItemState> = {},
): ItemState {
  return { ...newItemState(planned(name, item)), ...more };
}

export function itemsOf(...states: ItemState[]): Map<string, ItemState> {
  return new Map(states.map((state) => [state.item.id, state]));
}

/** A resource's event of a failed delete. */
export function failedEvent(
  logicalId: string,
  reason?: string,
  more: Partial<StackEvent> = {},
): StackEvent {
  return {
    time: at,
    logicalId,
    physicalId: `${logicalId.toLowerCase()}-1`,
    type: 'AWS::EC2::SecurityGroup',
    status: 'DELETE_FAILED',
    ...(reason === undefined ? {} : { reason }),
    ...more,
  };
}

/** A policy that allows nothing out of the ordinary. */
export const careful: TroubleRules = {
  terminationProtection: 'skip',
  nonEmptyBuckets: 'fail',
  lastResort: 'none',
};

/** A stack whose first delete was accepted. */
export const inFlight = (more: Partial<ItemState> = {}) =>
  itemState('net', {}, { phase: 'deleting', attempts: 1, passes: 1, ...more });

/** The end of a delete of `net` that failed with these events. */
export const failed = (...events: StackEvent[]): Settlement => ({
  kind: 'failed',
  stackId: idOf('net'),
  at,
  events,
});

/** Puts an item through the same trouble until it no longer comes back in the same pass. */
export function triesUntilSettled(state: ItemState, again: (state: ItemState) => unknown): number {
  for (let tries = 1; tries <= 1000; tries++) {
    again(state);
    if (state.phase !== 'mending' && state.phase !== 'waiting') return tries;
  }
  throw new Error('it comes back for ever');
}
