import { InvalidInputError } from '../errors.js';
import { type Cell, type CellId, cellId, cellOf, recipeOf } from './cell.js';
import { type LineState, wantedCells } from './line-state.js';
import type { CellChoice } from './messages.js';
import type { LineSpec } from './spec.js';
import { parseEvr } from './versions/evr.js';

type ChosenFrom = Pick<LineSpec, 'baseOs' | 'architectures' | 'source' | 'recipe'>;

/**
 * The cells of a line that a person means: those that the mirror has or that the line knows, narrowed by what is given.
 *
 * @throws InvalidInputError as {@link choiceAmong}.
 */
export function choose(state: LineState, line: ChosenFrom, choice: CellChoice): CellId[] {
  const wanted = wantedCells(state.wanted, line).map((cell) => cellId(cell, line.recipe));
  const known = [...Object.keys(state.built), ...Object.keys(state.held)].filter(
    (id) => recipeOf(id) === line.recipe,
  );
  const all = [...new Set([...wanted, ...known])].map((id) => ({ id, ...cellOf(id) }));
  const names = { os: line.baseOs.map(({ name }) => name), arch: line.architectures };
  return choiceAmong(all, choice, names).map(({ id }) => id);
}

/**
 * Those of some cells that a person means. A name that is none of theirs, or of `names`, is refused rather than mean
 * nothing.
 *
 * @throws InvalidInputError naming what there is.
 */
export function choiceAmong<T extends Cell>(
  cells: readonly T[],
  choice: CellChoice,
  names: { os: readonly string[]; arch: readonly string[] } = namesOf(cells),
): T[] {
  refuseUnknown('os', choice.os, names.os);
  refuseUnknown('arch', choice.arch, names.arch);
  const versions = [...new Set(cells.map(({ evr }) => evr))];
  refuseUnknown('version', choice.versions, versions, isVersion);
  return cells.filter(
    ({ os, arch, evr }) =>
      (choice.os?.includes(os) ?? true) &&
      (choice.arch?.includes(arch) ?? true) &&
      (choice.versions?.some((text) => isVersion(evr, text)) ?? true),
  );
}

function namesOf(cells: readonly Cell[]) {
  return {
    os: [...new Set(cells.map(({ os }) => os))],
    arch: [...new Set(cells.map(({ arch }) => arch))],
  };
}

/** Exactly: `16.1.1` is not `16.1.10`. Without a release, any of them. */
function isVersion(evr: string, text: string): boolean {
  if (evr === text) return true;
  const { epoch, version } = parseEvr(evr);
  return text === version || text === `${epoch}:${version}`;
}

const shown = 10;

function refuseUnknown(
  path: string,
  given: readonly string[] | undefined,
  known: readonly string[],
  fits: (known: string, given: string) => boolean = (a, b) => a === b,
): void {
  const unknown = (given ?? []).filter((text) => !known.some((each) => fits(each, text)));
  if (unknown.length === 0) return;
  const more = known.length > shown ? ` and ${known.length - shown} more` : '';
  const allowed =
    known.length === 0 ? 'there are none' : `there are ${known.slice(0, shown).join(', ')}${more}`;
  throw new InvalidInputError(
    unknown.map((text) => ({
      source: 'images',
      path,
      message: `"${text}" is not one of the line’s; ${allowed}`,
    })),
  );
}
