import { type Cell, type CellId, cellId, cellOf, recipeOf } from './cell.js';
import type { MirrorState } from './mirror-state.js';
import type { BuiltImage, CellStatus, CheckStarted, ImageFailure } from './result.js';
import { type WantedVersion, versionKind } from './select.js';
import type { LineSpec } from './spec.js';
import { compareEvr, parseEvr } from './versions/evr.js';

/** An image that could not be made. */
export interface Failing extends ImageFailure {
  attempts: number;
  /** When it is tried again; ISO 8601. */
  nextTry: string;
}

export interface Held extends ImageFailure {
  attempts: number;
}

/** One of the last checks, and what it waits for. */
export interface OpenCheck {
  started: CheckStarted;
  cells: CellId[];
  /** Whether those who want to hear of its end have heard of it. */
  told: boolean;
}

/** All that a line knows, as it goes along when the workflow continues as new. */
export interface LineState {
  /** What the mirror had when it was last read, and what was wanted of it then. */
  wanted: WantedVersion[];
  mirror?: { state: MirrorState; of: string };
  checkedAt?: string;
  /** Whether what was there before the line's first check has been looked up. */
  seeded: boolean;
  /** Whether the first check has been made: what it did not set to be built waits for approval. */
  begun: boolean;
  awaiting: CellId[];
  built: Record<CellId, BuiltImage>;
  failing: Record<CellId, Failing>;
  held: Record<CellId, Held>;
  /** To be built, in this order. */
  pending: CellId[];
  /** What of that is built anew, with the images that don't count any more. */
  rebuilt: Record<CellId, string[]>;
  checks: number;
  open: OpenCheck[];
}

/** Why an image is missing that the first check held back. */
export const waitsForApproval = 'waits for approval';

export function newLineState(): LineState {
  return {
    wanted: [],
    seeded: false,
    begun: false,
    awaiting: [],
    built: {},
    failing: {},
    held: {},
    pending: [],
    rebuilt: {},
    checks: 0,
    open: [],
  };
}

/** What the cells of a line depend on. */
type LineCells = Pick<LineSpec, 'baseOs' | 'architectures' | 'source' | 'recipe'>;

/** The images that are to be there, newest version first: each wanted version on each base OS. */
export function wantedCells(wanted: readonly WantedVersion[], line: LineCells): Cell[] {
  return wanted.flatMap(({ arch, evr }) =>
    line.baseOs.filter(({ images }) => images[arch]).map(({ name }) => ({ os: name, arch, evr })),
  );
}

/**
 * What is to be built: the set of what is wanted without what is there, what was given up, and what waits for
 * approval. Ids are compared as a whole, and never in an order.
 */
export function missingCells(state: LineState, line: LineCells): CellId[] {
  const { built, held, awaiting } = state;
  const waits = new Set(awaiting);
  return wantedCells(state.wanted, line)
    .map((cell) => cellId(cell, line.recipe))
    .filter((id) => !(id in built) && !(id in held) && !waits.has(id));
}

/** Every image that a line knows of, and how it stands: newest version first, OSes and architectures as configured. */
export function cellStatuses(
  state: LineState,
  line: LineCells,
  building: ReadonlySet<CellId>,
): CellStatus[] {
  const wanted = wantedCells(state.wanted, line).map((cell) => cellId(cell, line.recipe));
  const known = [state.built, state.held, state.failing].flatMap((cells) => Object.keys(cells));
  const ids = new Set([...wanted, ...known, ...state.pending, ...building]);
  // Images of an earlier recipe are not what is asked for; what is built of them stays in the record.
  const ours = [...ids].filter((id) => recipeOf(id) === line.recipe);
  const waits = new Set(state.awaiting);
  return sorted(ours, line).map((id) => ({
    ...cellOf(id),
    ...standing(id, state, building, waits),
  }));
}

function standing(
  id: CellId,
  { built, failing, held }: LineState,
  building: ReadonlySet<CellId>,
  waits: ReadonlySet<CellId>,
): Omit<CellStatus, keyof Cell> {
  const image = built[id];
  const imageId = image?.imageId === undefined ? {} : { imageId: image.imageId };
  if (building.has(id)) return { state: 'building', ...imageId };
  const given = held[id];
  if (given) return { state: 'held', ...given, ...imageId };
  if (image) return { state: 'built', ...imageId };
  const failed = failing[id];
  if (failed) return { state: 'missing', ...failed };
  return waits.has(id) ? { state: 'missing', reason: waitsForApproval } : { state: 'missing' };
}

function sorted(ids: readonly CellId[], line: LineCells): CellId[] {
  const kind = versionKind(line.source);
  const place = (list: readonly string[], name: string) =>
    list.includes(name) ? list.indexOf(name) : list.length;
  const oses = line.baseOs.map(({ name }) => name);
  // Parsed once each: a line may have thousands.
  return ids
    .map((id) => ({ id, ...cellOf(id) }))
    .map((cell) => ({ ...cell, parsed: parseEvr(cell.evr) }))
    .sort(
      (a, b) =>
        (a.evr === b.evr ? 0 : compareEvr(b.parsed, a.parsed, kind)) ||
        place(oses, a.os) - place(oses, b.os) ||
        place(line.architectures, a.arch) - place(line.architectures, b.arch),
    )
    .map(({ id }) => id);
}

/** Older images of the same base OS and architecture that nothing has replaced yet. */
export function replacedBy(
  id: CellId,
  { built }: LineState,
  line: Pick<LineSpec, 'source'>,
): CellId[] {
  const { os, arch, evr } = cellOf(id);
  const [kind, newer] = [versionKind(line.source), parseEvr(evr)];
  return Object.entries(built).flatMap(([other, image]) => {
    const cell = cellOf(other);
    const isOlder =
      other !== id &&
      cell.os === os &&
      cell.arch === arch &&
      compareEvr(parseEvr(cell.evr), newer, kind) <= 0;
    return isOlder && image.replacedAt === undefined ? [other] : [];
  });
}
