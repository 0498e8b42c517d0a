import { targetKey } from '../../src/domain/target.js';

interface TargetItems<Item> {
  account: { id: string; name: string };
  region: string;
  items: readonly Item[];
}

/** Sorted ids of the items of each target, by `account/region`. */
export function idsByTarget(
  targets: readonly TargetItems<{ id: string }>[],
): Record<string, string[]> {
  return Object.fromEntries(
    targets.map((target) => [targetKey(target), target.items.map((item) => item.id).sort()]),
  );
}

/** The item of a target that has this name, of whatever kind. */
export function itemNamed<Item extends { name: string }>(
  target: TargetItems<Item>,
  name: string,
): Item {
  const item = target.items.find((candidate) => candidate.name === name);
  if (!item) throw new Error(`${name} is not among the items of ${targetKey(target)}`);
  return item;
}
