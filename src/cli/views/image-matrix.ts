import type { CellStatus, LineStatus } from '../../domain/images/result.js';
import { formatTime, parseTime, plural, shorten } from '../../report/format.js';
import { approveCommand, releaseCommand } from '../../report/images/commands.js';
import { type Matrix, countCells, matrixOf, missingFor } from '../../report/images/matrix.js';
import { plainText } from '../../report/wrap-text.js';
import {
  type LineRendering,
  cellText,
  clockOf,
  countsText,
  stateColour,
  troubleLines,
} from './image-cells.js';
import { hanging, padded } from './text.js';

const gap = 2;
/** A column is at least as wide as the id of an image: one that is cut can't be copied. */
const idWidth = 'ami-0123456789abcdef0'.length;

/** How a line stands: OSes across, versions down, and below what could not be built and why. */
export function renderLineStatus(status: LineStatus, how: LineRendering): string {
  const parts = [
    headLines(status, how),
    ...matrixBlocks(matrixOf(status.cells), how),
    heldLines(status, how),
    failingLines(status, how),
    waitingLines(status, how),
  ];
  return parts
    .filter(({ length }) => length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function headLines(status: LineStatus, { colours, columns }: LineRendering): string[] {
  const { line, channel, product, cells, checkedAt, trouble, trackerTrouble } = status;
  const read = parseTime(checkedAt);
  const when = read === undefined ? 'mirror not read yet' : `mirror read ${formatTime(read)}`;
  const about = product === '' ? when : `${product}, ${when}`;
  const warn = (label: string, text: string | undefined) =>
    text === undefined ? [] : hanging(colours.red(label), text, 9, columns);
  return [
    ...hanging('', `${line}/${channel}: ${about}`, 0, columns).map((text, index) =>
      index === 0 ? colours.bold(text) : text,
    ),
    cells.length === 0 ? 'no images yet' : countsText(countCells(cells), colours),
    ...warn('check', trouble),
    ...warn('tracker', trackerTrouble),
  ];
}

/** As many columns side by side as there is room for, and the others in blocks of their own below. */
function matrixBlocks({ columns, rows, severalArchitectures }: Matrix, how: LineRendering) {
  const titles = columns.map(({ os, arch }) =>
    plainText(severalArchitectures ? `${os}/${arch}` : os),
  );
  const evrs = rows.map(({ evr }) => plainText(evr));
  const most = Math.max(12, how.columns - idWidth - gap - 1);
  const first = Math.min(most, Math.max('VERSION'.length, ...evrs.map(({ length }) => length)));
  const widest = Math.max(idWidth, how.columns - first - gap - 1);
  const widths = titles.map((title, index) => {
    const cells = rows.map((row) => textOf(row.cells[index], how.now).length);
    return Math.min(widest, Math.max(title.length, ...cells));
  });
  return split(widths, how.columns - first - 1).map(([from, to]) => {
    const lineOf = (label: string, cellAt: (column: number) => string) =>
      [padded(shorten(label, first), first), ...range(from, to).map(cellAt)]
        .join(' '.repeat(gap))
        .trimEnd();
    const width = (column: number) => widths[column] ?? idWidth;
    const head = lineOf('VERSION', (column) =>
      padded(shorten(titles[column] ?? '', width(column)), width(column)),
    );
    return [
      how.colours.dim(head),
      ...rows.map((row, index) =>
        lineOf(evrs[index] ?? '', (column) => painted(row.cells[column], width(column), how)),
      ),
    ];
  });
}

/** Ranges of columns, each as many as fit the room. */
function split(widths: readonly number[], room: number): [from: number, to: number][] {
  const blocks: [number, number][] = [];
  let [from, taken] = [0, 0];
  widths.forEach((width, column) => {
    taken += width + gap;
    if (taken <= room || column === from) return;
    blocks.push([from, column]);
    [from, taken] = [column, width + gap];
  });
  return widths.length === 0 ? [] : [...blocks, [from, widths.length]];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function textOf(cell: CellStatus | undefined, now: number): string {
  return cell ? cellText(cell, now) : '-';
}

/** Coloured after it is cut and padded, so that colours count for no width. */
function painted(
  cell: CellStatus | undefined,
  width: number,
  { colours, now }: LineRendering,
): string {
  const text = shorten(textOf(cell, now), width);
  const paint = cell ? stateColour(cell.state, colours) : colours.dim;
  return paint(text) + ' '.repeat(width - text.length);
}

function heldLines(status: LineStatus, how: LineRendering): string[] {
  const held = status.cells.filter(({ state }) => state === 'held');
  const [first] = held;
  if (!first) return [];
  const troubles = held.map((cell) => ({ ...cell, ...triesOf(cell) }));
  return [
    how.colours.red(`Held: ${plural(held.length, 'image')}`),
    ...troubleLines(troubles, how),
    `  → ${releaseCommand(status, first)}`,
  ];
}

function triesOf({ attempts }: CellStatus): { note?: string } {
  return attempts === undefined ? {} : { note: `given up after ${plural(attempts, 'attempt')}` };
}

function failingLines({ cells }: LineStatus, how: LineRendering): string[] {
  const failing = cells.filter((cell) => missingFor(cell) === 'retry');
  if (failing.length === 0) return [];
  const troubles = failing.map((cell) => {
    const { attempts = 0, nextTry } = cell;
    const next = nextTry === undefined ? '' : `, next ${clockOf(nextTry, how.now)} UTC`;
    return { ...cell, note: `${plural(attempts, 'attempt')} failed${next}` };
  });
  return [
    how.colours.yellow(`To be tried again: ${plural(failing.length, 'image')}`),
    ...troubleLines(troubles, how),
  ];
}

function waitingLines(status: LineStatus, { colours }: LineRendering): string[] {
  const { awaitingApproval } = status;
  if (awaitingApproval === 0) return [];
  return [
    colours.yellow(`Waiting for approval: ${plural(awaitingApproval, 'image')}`),
    `  → ${approveCommand(status)}`,
  ];
}
