import type { Position } from './keys.js';

const leafSize = 1000;

/** A run of neighbouring entries. A seeded one makes its entries anew at each look, until something in it changes. */
interface Leaf<T> {
  first: Position;
  generate: () => T[];
  /** The entries themselves, once they were changed (or put one by one). */
  items: T[] | undefined;
}

/**
 * Entries in order, in leaves of about a thousand: insert, remove and "the next after" cost a binary search and one
 * leaf, however many entries there are. Seeded entries cost nothing until they are looked at.
 */
export class OrderedList<T extends Position> {
  private readonly leaves: Leaf<T>[] = [];
  private count = 0;
  /** The seeded leaf that was looked at last: most looks are at the same one as the look before. */
  private recent: { leaf: Leaf<T>; entries: T[] } | undefined;

  constructor(private readonly compare: (a: Position, b: Position) => number) {}

  get size(): number {
    return this.count;
  }

  /**
   * Fills an empty list with `count` entries. `generate(from, to)` gives those of the ranks from `from` to before
   * `to`, in order, and must give equal entries each time it is asked.
   */
  seed(count: number, generate: (from: number, to: number) => T[]): void {
    if (this.count > 0) throw new Error('only an empty list can be seeded');
    for (let from = 0; from < count; from += leafSize) {
      const to = Math.min(count, from + leafSize);
      const [first] = generate(from, from + 1);
      if (!first) throw new Error(`nothing was generated for rank ${from}`);
      this.leaves.push({ first, generate: () => generate(from, to), items: undefined });
    }
    this.count = count;
  }

  insert(entry: T): void {
    const at = Math.max(0, this.leafIndexOf(entry));
    const leaf = this.leaves[at];
    this.count++;
    if (!leaf) {
      this.leaves.push(leafOf([entry]));
      return;
    }
    const items = this.itemsOf(leaf);
    items.splice(this.rankIn(items, entry), 0, entry);
    if (items.length <= 2 * leafSize) this.leaves[at] = leafOf(items);
    else this.leaves.splice(at, 1, leafOf(items.slice(0, leafSize)), leafOf(items.slice(leafSize)));
  }

  /** Removes the entry at this very position, and returns it. */
  remove(position: Position): T | undefined {
    const at = this.leafIndexOf(position);
    const leaf = this.leaves[at];
    if (!leaf) return undefined;
    const items = this.itemsOf(leaf);
    const rank = this.rankIn(items, position);
    const entry = items[rank];
    if (!entry || this.compare(entry, position) !== 0) return undefined;
    items.splice(rank, 1);
    this.count--;
    if (items.length === 0) this.leaves.splice(at, 1);
    else this.leaves[at] = leafOf(items);
    return entry;
  }

  find(position: Position): T | undefined {
    const leaf = this.leaves[this.leafIndexOf(position)];
    if (!leaf) return undefined;
    const entries = this.entriesOf(leaf);
    const entry = entries[this.rankIn(entries, position)];
    return entry && this.compare(entry, position) === 0 ? entry : undefined;
  }

  /** All entries that come after `position` (whether or not one is there), in order; all of them without one. */
  *after(position?: Position): Generator<T, void, undefined> {
    const start = position ? Math.max(0, this.leafIndexOf(position)) : 0;
    for (let at = start; at < this.leaves.length; at++) {
      const leaf = this.leaves[at];
      const entries = leaf ? this.entriesOf(leaf) : [];
      const from = position && at === start ? this.rankAfter(entries, position) : 0;
      for (let rank = from; rank < entries.length; rank++) {
        const entry = entries[rank];
        if (entry) yield entry;
      }
    }
  }

  private entriesOf(leaf: Leaf<T>): readonly T[] {
    if (leaf.items) return leaf.items;
    if (this.recent?.leaf !== leaf) this.recent = { leaf, entries: leaf.generate() };
    return this.recent.entries;
  }

  /** The entries of a leaf that is about to change. */
  private itemsOf(leaf: Leaf<T>): T[] {
    return leaf.items ?? [...this.entriesOf(leaf)];
  }

  /** The last leaf that begins at or before the position; -1 when there is none. */
  private leafIndexOf(position: Position): number {
    let low = 0;
    let high = this.leaves.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const leaf = this.leaves[middle];
      if (leaf && this.compare(leaf.first, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The rank of the first entry that is not before the position. */
  private rankIn(entries: readonly T[], position: Position): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const entry = entries[middle];
      if (entry && this.compare(entry, position) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private rankAfter(entries: readonly T[], position: Position): number {
    const rank = this.rankIn(entries, position);
    const entry = entries[rank];
    return entry && this.compare(entry, position) === 0 ? rank + 1 : rank;
  }
}

function leafOf<T extends Position>(items: T[]): Leaf<T> {
  const [first] = items;
  if (!first) throw new Error('a leaf is never empty');
  return { first, generate: () => items, items };
}
