import type { Cell } from '../../domain/images/cell.js';
import type { CellState, CellStatus } from '../../domain/images/result.js';
import { plural } from '../../report/format.js';
import { type CellCounts, cellName, missingFor } from '../../report/images/matrix.js';
import { plainText } from '../../report/wrap-text.js';
import type { Colours } from '../output.js';
import { flow, hanging, padded } from './text.js';

export interface LineRendering {
  columns: number;
  colours: Colours;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Held images and failing ones that are told of in text; `--json` and the report have all of them. */
const troublesShown = 20;
const indent = 2;

export function stateColour(state: CellState, colours: Colours): (text: string) => string {
  const { green, cyan, yellow, red } = colours;
  return { built: green, building: cyan, missing: yellow, held: red }[state];
}

/** `12 built, 1 building, 3 missing, 2 held`: those that there are. */
export function countsText(counts: CellCounts, colours: Colours): string {
  const states: CellState[] = ['built', 'building', 'missing', 'held'];
  return states
    .filter((state) => counts[state] > 0)
    .map((state) => stateColour(state, colours)(`${counts[state]} ${state}`))
    .join(', ');
}

/** What stands in the matrix for an image. */
export function cellText(cell: CellStatus, now: number): string {
  switch (cell.state) {
    case 'built':
      return plainText(cell.imageId ?? 'built');
    case 'building':
    case 'held':
      return cell.state;
    case 'missing':
      return missingText(cell, now);
  }
}

/** `approval`, `retry 23:10`, or `missing` where nothing but its turn is waited for. */
function missingText(cell: CellStatus, now: number): string {
  switch (missingFor(cell)) {
    case 'approval':
      return 'approval';
    case 'retry':
      return `retry ${cell.nextTry === undefined ? 'soon' : clockOf(cell.nextTry, now)}`;
    case 'turn':
    case undefined:
      return 'missing';
  }
}

/** `23:10`, or with its day where that is another one; UTC. */
export function clockOf(time: string, now: number): string {
  const isToday = time.slice(0, 10) === new Date(now).toISOString().slice(0, 10);
  const text = isToday ? time.slice(11, 16) : time.slice(5, 16).replace('T', ' ');
  return plainText(text);
}

/** Images by version, a line or more for each, in the order that they come in. */
export function versionLines(
  cells: readonly Cell[],
  { columns }: Pick<LineRendering, 'columns'>,
  note: (cell: Cell) => string = () => '',
): string[] {
  const versions = new Map<string, string[]>();
  for (const cell of cells) {
    const evr = plainText(cell.evr);
    const name = `${plainText(cell.os)}/${plainText(cell.arch)}${note(cell)}`;
    versions.set(evr, [...(versions.get(evr) ?? []), name]);
  }
  const widest = Math.max(0, ...[...versions.keys()].map(({ length }) => length));
  const at = indent + Math.min(widest, 24) + 2;
  return [...versions].flatMap(([evr, names]) => {
    const label = ' '.repeat(indent) + evr;
    const lines = flow(names, Math.max(20, columns - at - 1));
    // A version that is longer stands alone, and what belongs to it below.
    if (label.length + 2 > at) return [label, ...lines.map((line) => ' '.repeat(at) + line)];
    return lines.map((line, index) => padded(index === 0 ? label : '', at) + line);
  });
}

/** `6 images of 2 versions` */
export function amountOf(cells: readonly Cell[]): string {
  const versions = new Set(cells.map(({ evr }) => evr)).size;
  return `${plural(cells.length, 'image')} of ${plural(versions, 'version')}`;
}

/** Images that could not be built: which, why, and where to read more. Links are not wrapped: they would not work. */
export function troubleLines(
  troubles: readonly (Cell & { reason?: string; link?: string; note?: string })[],
  { columns, colours }: Pick<LineRendering, 'columns' | 'colours'>,
): string[] {
  const lines = troubles.slice(0, troublesShown).flatMap((cell) => {
    const { reason = 'no reason is known', link, note } = cell;
    const name = cellName(cell) + (note === undefined ? '' : `, ${note}`);
    return [
      ...hanging('', name, indent, columns),
      ...hanging('', reason, indent * 2, columns).map((line) => colours.dim(line)),
      ...(link === undefined ? [] : [' '.repeat(indent * 2) + plainText(link)]),
    ];
  });
  const rest = troubles.length - troublesShown;
  return rest > 0 ? [...lines, `  and ${rest} more: --json has all of them`] : lines;
}
