import type { CellStatus } from '../../../domain/images/result.js';
import { formatClock, plural } from '../../../report/format.js';
import { cellName, countCells, matrixOf, missingFor } from '../../../report/images/matrix.js';
import type { Colours } from '../../output.js';
import { cellText, countsText, stateColour } from '../../views/image-cells.js';
import { renderTable } from '../../views/table.js';
import { cut } from '../../views/text.js';
import type { BoardLook } from '../board.js';
import type { Standing } from './standing.js';

/** The line's matrix; where it can't be drawn over and over, a line for each image that has come a step further. */
export function matrixLook(now: () => number = Date.now): BoardLook<Standing> {
  const told = new Map<string, string>();
  let isFirst = true;
  return {
    render: (standing, columns, colours) => renderMatrix(standing, columns, colours, now()),
    news: ({ status }) => {
      const lines = status.cells.flatMap((cell) => {
        const [name, what] = [cellName(cell), stepOf(cell)];
        if (what === undefined || told.get(name) === what) return [];
        told.set(name, what);
        // What was there before is no news.
        return isFirst && cell.state === 'built' ? [] : [`${formatClock(now())} ${name} ${what}`];
      });
      isFirst = false;
      return lines;
    },
  };
}

function stepOf(cell: CellStatus): string | undefined {
  const { state, attempts = 0 } = cell;
  switch (state) {
    case 'building':
      return 'is being built';
    case 'built':
      return `is built: ${cell.imageId ?? 'known by its version'}`;
    case 'held':
      return `is held: ${attempts} attempts have failed`;
    case 'missing':
      return missingFor(cell) === 'retry'
        ? `is to be tried again: attempt ${attempts} failed`
        : undefined;
  }
}

function renderMatrix(
  { status, builds, copies }: Standing,
  columns: number,
  colours: Colours,
  now: number,
): string {
  const matrix = matrixOf(status.cells);
  const rows = matrix.rows.map(({ evr, cells }) => [
    evr,
    ...cells.map((cell) =>
      cell ? stateColour(cell.state, colours)(cellText(cell, now)) : colours.dim('-'),
    ),
  ]);
  const [head = '', ...lines] = renderTable(
    ['VERSION', ...matrix.columns.map(({ os }) => os)],
    rows,
  ).split('\n');
  const counts = countsText(countCells(status.cells), colours);
  const underWay = `${plural(builds, 'build')}, ${plural(copies, 'copy', 'copies')} under way`;
  return [`${counts}  ${colours.dim(underWay)}`, '', colours.dim(head), ...lines]
    .map((line) => cut(line, columns - 1))
    .join('\n');
}
