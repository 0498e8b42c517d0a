import { type ItemState, isFinal, isSettled } from './item-state.js';

/** Which policies must be through with their items before another's may begin: `after`, transitively. */
export type PolicyOrder = ReadonlyMap<string, readonly string[]>;

/**
 * Looks at the items that wait: those whose time has come, and those whose time can't come any more
 * because what stands on them stays (they become blocked).
 */
export function readyItems(items: ReadonlyMap<string, ItemState>, order: PolicyOrder): ItemState[] {
  const unfinished = new Set(
    [...items.values()].filter((s) => !isSettled(s)).map((s) => s.item.policy),
  );
  const ready: ItemState[] = [];
  for (const state of items.values()) {
    if (state.phase !== 'waiting') continue;
    if ((order.get(state.item.policy) ?? []).some((earlier) => unfinished.has(earlier))) continue;
    if (dependentsGone(state, items)) ready.push(state);
  }
  return ready;
}

/** A stack whose importer is blocked, skipped or failed can't go: says so, through to the last one. */
export function blockStranded(items: ReadonlyMap<string, ItemState>): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const state of items.values()) {
      if (state.phase !== 'waiting') continue;
      const staying = strongDependents(state).flatMap((id) => {
        const dependent = items.get(id);
        return dependent && isFinal(dependent) && dependent.phase !== 'deleted' ? [dependent] : [];
      });
      if (staying.length === 0) continue;
      state.phase = 'blocked';
      state.blockedBy = staying.map(({ item }) => ({ id: item.id, name: item.name }));
      state.reason = `imported by ${staying.map(({ item, phase }) => `${item.name} (${phase})`).join(', ')}`;
      changed = true;
    }
  }
}

/** For each waiting item, those in flight that it waits for: when all of a group are gone, one is ready. */
export function unlockGroups(items: ReadonlyMap<string, ItemState>): string[][] {
  const groups: string[][] = [];
  for (const state of items.values()) {
    if (state.phase !== 'waiting') continue;
    const open = (state.item.dependents ?? []).flatMap((id) => {
      const dependent = items.get(id);
      return dependent && !isFinal(dependent) ? [dependent] : [];
    });
    if (open.length > 0 && open.every(({ phase }) => phase === 'deleting')) {
      groups.push(open.map(({ item }) => item.id));
    }
  }
  return groups;
}

function dependentsGone(state: ItemState, items: ReadonlyMap<string, ItemState>): boolean {
  const weak = new Set(state.item.after);
  return (state.item.dependents ?? []).every((id) => {
    const dependent = items.get(id);
    if (!dependent || dependent.phase === 'deleted') return true;
    return weak.has(id) && isSettled(dependent);
  });
}

function strongDependents(state: ItemState): string[] {
  const weak = new Set(state.item.after);
  return (state.item.dependents ?? []).filter((id) => !weak.has(id));
}
