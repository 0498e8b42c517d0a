import type { PlannedItem } from './build-plan.js';
import type { ItemState } from './item-state.js';

/** An item's state as it is carried on: an item that is still as the plan has it is named by its place there. */
export type CarriedItem = Omit<ItemState, 'item'> & { item: PlannedItem | number };

/** Leaves out what the plan, which is carried beside it, says already: half of all there is in a large target. */
export function carryItems(
  states: Iterable<ItemState>,
  plan: readonly PlannedItem[],
): CarriedItem[] {
  const places = new Map(plan.map((item, place) => [item, place]));
  return [...states].map((state) => ({ ...state, item: places.get(state.item) ?? state.item }));
}

/** @throws Error when the plan is not the one that the items were carried with. */
export function restoreItems(
  carried: readonly CarriedItem[],
  plan: readonly PlannedItem[],
): ItemState[] {
  return carried.map((state) => {
    const item = typeof state.item === 'number' ? plan[state.item] : state.item;
    if (!item) throw new Error(`the plan has no item ${JSON.stringify(state.item)}`);
    return { ...state, item };
  });
}
