import { generateStacks } from '../../sandbox/fleet/generate.js';
import type { Fleet } from '../../sandbox/fleet/schema.js';

/**
 * The least sandbox seconds in which a fleet can go: the longest chain of deletes that wait for each
 * other, all else being instantaneous.
 */
export function criticalPath(fleet: Fleet): number {
  let longest = 0;
  for (const spec of fleet.generate) {
    for (const account of fleet.accounts) {
      for (const region of fleet.regions)
        longest = Math.max(longest, longestChain(generateStacks(spec, account.id, region)));
    }
  }
  return longest;
}

/** Stacks come in layers, each importing from layers before it: the last can go first. */
function longestChain(stacks: ReturnType<typeof generateStacks>): number {
  const goneAt = new Map<string, number>();
  const importersGone = new Map<string, number>();
  for (const stack of stacks.toReversed()) {
    const ready = Math.max(
      0,
      ...stack.exports.map(
        (each) => importersGone.get(typeof each === 'string' ? each : each.name) ?? 0,
      ),
    );
    const gone = ready + stack.deleteSeconds;
    goneAt.set(stack.name, gone);
    for (const name of stack.imports)
      importersGone.set(name, Math.max(importersGone.get(name) ?? 0, gone));
  }
  return Math.max(0, ...goneAt.values());
}
