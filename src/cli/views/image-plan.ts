import type { CellStatus, LineStatus } from '../../domain/images/result.js';
import { approveCommand } from '../../report/images/commands.js';
import { type Missing, missingFor } from '../../report/images/matrix.js';
import {
  type LineRendering,
  amountOf,
  clockOf,
  troubleLines,
  versionLines,
} from './image-cells.js';

/** A plan as text: what a check would set to be built, newest first, and what it would not and why. */
export function renderLinePlan(plan: LineStatus, how: LineRendering): string {
  const parts = [
    toBuild(plan, how),
    building(plan, how),
    failing(plan, how),
    waiting(plan, how),
    held(plan, how),
  ];
  return parts
    .filter(({ length }) => length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function toBuild(plan: LineStatus, how: LineRendering): string[] {
  const { line, channel } = plan;
  const cells = missing(plan, 'turn');
  const what = cells.length === 0 ? 'nothing new to build' : `${amountOf(cells)} to build`;
  return [how.colours.bold(`${line}/${channel}: ${what}`), ...versionLines(cells, how)];
}

function building({ cells }: LineStatus, how: LineRendering): string[] {
  const now = cells.filter(({ state }) => state === 'building');
  return section(how.colours.cyan, 'Building', now, versionLines(now, how));
}

function failing(plan: LineStatus, how: LineRendering): string[] {
  const cells = missing(plan, 'retry');
  const troubles = cells.map((cell) => ({
    ...cell,
    ...(cell.nextTry === undefined ? {} : { note: `at ${clockOf(cell.nextTry, how.now)} UTC` }),
  }));
  return section(how.colours.yellow, 'To be tried again', cells, troubleLines(troubles, how));
}

function waiting(plan: LineStatus, how: LineRendering): string[] {
  const cells = missing(plan, 'approval');
  const lines = [...versionLines(cells, how), `  → ${approveCommand(plan)}`];
  return section(how.colours.yellow, 'Waiting for approval', cells, lines);
}

function held({ cells }: LineStatus, how: LineRendering): string[] {
  const given = cells.filter(({ state }) => state === 'held');
  const title = 'Held, not built until released';
  return section(how.colours.red, title, given, troubleLines(given, how));
}

function missing({ cells }: LineStatus, what: Missing): CellStatus[] {
  return cells.filter((cell) => missingFor(cell) === what);
}

function section(
  paint: (text: string) => string,
  title: string,
  cells: readonly CellStatus[],
  lines: readonly string[],
): string[] {
  return cells.length === 0 ? [] : [paint(`${title}: ${amountOf(cells)}`), ...lines];
}
