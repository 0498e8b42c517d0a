import type { Cell } from '../../domain/images/cell.js';
import type {
  CellStatus,
  CheckResult,
  CheckStarted,
  ImageFailure,
  LineStatus,
} from '../../domain/images/result.js';
import { plural } from '../../report/format.js';
import { approveCommand, statusCommand } from '../../report/images/commands.js';
import { cellName } from '../../report/images/matrix.js';
import { plainText } from '../../report/wrap-text.js';
import { type LineRendering, amountOf, versionLines } from './image-cells.js';
import { hanging } from './text.js';

type Rendering = Pick<LineRendering, 'columns' | 'colours'>;

/** An image that a wait has come to the end of. */
export type Outcome =
  | { kind: 'built'; cell: Cell & { imageId?: string } }
  | { kind: 'failed'; cell: Cell & ImageFailure };

export function outcomesOf({ built, failed }: CheckResult): Outcome[] {
  return [
    ...built.map((cell): Outcome => ({ kind: 'built', cell })),
    ...failed.map((cell): Outcome => ({ kind: 'failed', cell })),
  ];
}

/** What has come to its end between two looks. */
export function settledBetween(before: LineStatus, now: LineStatus): Outcome[] {
  const open = new Set(
    before.cells.filter(({ state }) => state === 'missing' || state === 'building').map(cellName),
  );
  return now.cells
    .filter((cell) => open.has(cellName(cell)))
    .flatMap((cell) => outcomeOf(cell) ?? []);
}

function outcomeOf(cell: CellStatus): Outcome | undefined {
  if (cell.state === 'built') return { kind: 'built', cell };
  if (cell.state !== 'held') return undefined;
  return { kind: 'failed', cell: { ...cell, reason: cell.reason ?? 'no reason is known' } };
}

const labelWidth = 'failed  '.length;

/** A line for an image that is built, and a few for one that failed: why, and where to read more. */
export function outcomeLines(outcome: Outcome, { columns, colours }: Rendering): string[] {
  const { kind, cell } = outcome;
  const paint = kind === 'built' ? colours.green : colours.red;
  const rest = kind === 'built' ? (cell.imageId ?? 'known by its version only') : cell.reason;
  const text = `${cellName(cell)}: ${rest}`;
  const lines = hanging(paint(kind), text, labelWidth, columns);
  if (kind === 'built' || cell.link === undefined) return lines;
  return [...lines, ' '.repeat(labelWidth) + plainText(cell.link)];
}

/** What has become of a check, as its last lines. */
export function resultLines(result: CheckResult): string[] {
  const { built, failed } = result;
  if (built.length + failed.length === 0) return [nothingNew(result), ...leftLines(result)];
  return [
    `${lineOf(result)}: ${built.length} built, ${failed.length} failed`,
    ...leftLines(result),
  ];
}

/** What a check, or a `build`, has set to be built, newest first; nothing where it found nothing new. */
export function startedLines(started: CheckStarted, how: Rendering): string[] {
  const cells = started.started;
  if (cells.length === 0) return [];
  return [`${lineOf(started)}: ${amountOf(cells)} set to be built`, ...versionLines(cells, how)];
}

/** The same for somebody who does not wait for its end. */
export function leavingLines(started: CheckStarted, how: Rendering): string[] {
  const lines = startedLines(started, how);
  return [...(lines.length > 0 ? lines : [nothingNew(started)]), ...leftLines(started)];
}

function nothingNew(started: CheckStarted): string {
  return `${lineOf(started)}: nothing new${started.unchanged ? ': the mirror is as it was' : ''}`;
}

/** What is neither built nor about to be, and what to do about it. Commands are not wrapped. */
function leftLines(started: CheckStarted): string[] {
  const { held, awaitingApproval } = started;
  return [
    ...(held > 0
      ? [`${plural(held, 'image')} held since earlier:`, `  → ${statusCommand(started)}`]
      : []),
    ...(awaitingApproval > 0
      ? [
          `${plural(awaitingApproval, 'image')} waiting for approval:`,
          `  → ${approveCommand(started)}`,
        ]
      : []),
  ];
}

function lineOf({ line, channel }: CheckStarted): string {
  return `${line}/${channel}`;
}
