import type { PlacedStack } from './stack-schema.js';

/**
 * Sandbox seconds that deleting these stacks takes at best: the longest chain of importers, over all targets. A stack
 * can go only when all that import from it are gone. Failures and nested stacks are not counted.
 */
export function criticalPathSeconds(stacks: readonly PlacedStack[]): number {
  const importers = new Map<string, PlacedStack[]>();
  for (const stack of stacks)
    for (const name of stack.imports) {
      const key = exportKey(stack, name);
      importers.set(key, [...(importers.get(key) ?? []), stack]);
    }
  const known = new Map<PlacedStack, number>();
  const secondsUntilGone = (stack: PlacedStack): number => {
    const before = known.get(stack);
    if (before !== undefined) return before;
    const above = stack.exports
      .map((exported) => (typeof exported === 'string' ? exported : exported.name))
      .flatMap((name) => importers.get(exportKey(stack, name)) ?? [])
      .map(secondsUntilGone);
    const seconds = Math.max(0, ...above) + stack.deleteSeconds;
    known.set(stack, seconds);
    return seconds;
  };
  return Math.max(0, ...stacks.map(secondsUntilGone));
}

function exportKey({ account, region }: PlacedStack, name: string): string {
  return `${account}/${region}/${name}`;
}
