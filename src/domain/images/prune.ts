import { type CellId, cellOf } from './cell.js';
import type { LineState } from './line-state.js';
import type { ImagesByRegion } from './manifest.js';
import type { FoundCell } from './seed.js';
import { versionKind } from './select.js';
import type { LineSpec } from './spec.js';
import { compareEvr, parseEvr } from './versions/evr.js';

/** An image that a prune removes. */
export interface Prunable {
  id: CellId;
  imageId: string;
  images: ImagesByRegion;
  why: 'rejected' | 'older';
}

/**
 * What goes: images whose smoke test failed, and of each base OS and architecture those beyond the newest `keep`.
 * Nothing that is being built, and nothing that is not Nightshift's.
 */
export function prunable(
  { built }: Pick<LineState, 'built'>,
  line: Pick<LineSpec, 'keep' | 'source' | 'place'>,
  listed: readonly FoundCell[],
  building: ReadonlySet<CellId>,
): Prunable[] {
  const { region } = line.place.target;
  const rejected = listed.flatMap(({ id, image, rejected: isRejected }): Prunable[] => {
    if (!isRejected || image?.imageId === undefined || building.has(id)) return [];
    return [{ id, imageId: image.imageId, images: { [region]: image.imageId }, why: 'rejected' }];
  });
  if (line.keep === undefined) return rejected;
  const older = [...groups(Object.keys(built)).values()].flatMap((ids) =>
    beyond(
      ids.filter((id) => built[id]?.prunedAt === undefined),
      line.keep ?? ids.length,
      line,
    ),
  );
  const own = listed.filter(({ ours = true }) => ours);
  const there = new Set(own.flatMap(({ image }) => image?.imageId ?? []));
  return [
    ...rejected,
    ...older.flatMap((id): Prunable[] => {
      const { imageId, copies } = built[id] ?? {};
      // What EC2 does not list as this line's is not this line's to remove.
      if (imageId === undefined || !there.has(imageId) || building.has(id)) return [];
      return [{ id, imageId, images: { ...copies, [region]: imageId }, why: 'older' }];
    }),
  ];
}

/** By base OS and architecture. */
function groups(ids: readonly CellId[]): Map<string, CellId[]> {
  const all = new Map<string, CellId[]>();
  for (const id of ids) {
    const { os, arch } = cellOf(id);
    const key = `${os}/${arch}`;
    all.set(key, [...(all.get(key) ?? []), id]);
  }
  return all;
}

function beyond(ids: readonly CellId[], keep: number, line: Pick<LineSpec, 'source'>): CellId[] {
  const kind = versionKind(line.source);
  return ids
    .map((id) => ({ id, evr: parseEvr(cellOf(id).evr) }))
    .sort((a, b) => compareEvr(b.evr, a.evr, kind))
    .slice(keep)
    .map(({ id }) => id);
}
