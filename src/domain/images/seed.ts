import { type CellId, cellId, cellOf, recipeOf } from './cell.js';
import type { LineState } from './line-state.js';
import type { BuiltImage } from './result.js';
import type { LineSpec } from './spec.js';
import { formatEvr, parseEvr } from './versions/evr.js';

/** What was found of a line: among the images of the account, or in its tracker. */
export interface FoundCell {
  id: CellId;
  /** Absent where only the version is known. */
  image?: BuiltImage;
  /** Of an image that Nightshift has not come to the end of: its build finds it again. */
  ready?: boolean;
  rejected?: boolean;
  /** Of an image that another tool has built, false: it is not Nightshift's to remove. */
  ours?: boolean;
}

/**
 * What of that is to be recorded as built. A version without a release, as other tools write it, stands for every release
 * of it that the mirror has.
 */
export function seeded(
  { built, wanted }: Pick<LineState, 'built' | 'wanted'>,
  found: readonly FoundCell[],
  { recipe }: Pick<LineSpec, 'recipe'>,
): { built: Record<CellId, BuiltImage>; added: number } {
  const releases = new Map<string, string[]>();
  for (const evr of new Set(wanted.map((each) => each.evr))) {
    const upstream = withoutRelease(evr);
    releases.set(upstream, [...(releases.get(upstream) ?? []), evr]);
  }
  const fresh: Record<CellId, BuiltImage> = {};
  for (const { id, image = {}, ready = true, rejected = false } of found) {
    if (!ready || rejected) continue;
    const cell = cellOf(id);
    const evrs =
      parseEvr(cell.evr).release === '' ? (releases.get(withoutRelease(cell.evr)) ?? []) : [];
    for (const evr of new Set([...evrs, ...(evrs.length === 0 ? [cell.evr] : [])])) {
      const own = cellId({ ...cell, evr }, recipeOf(id) ?? recipe);
      const known = fresh[own] ?? built[own];
      // Of what another tool's record knows by its version only, the image may be found later.
      const isBetter = known?.imageId === undefined && image.imageId !== undefined;
      if (!known || (isBetter && known.prunedAt === undefined)) fresh[own] = { ...known, ...image };
    }
  }
  return { built: fresh, added: Object.keys(fresh).length };
}

function withoutRelease(evr: string): string {
  return formatEvr({ ...parseEvr(evr), release: '' });
}
