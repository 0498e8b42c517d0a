import type { BuildPhase, BuildResult, EarlierBuild } from '../../domain/builds/result.js';
import { formatDuration, parseTime } from '../../report/format.js';
import { plainText, wrapText } from '../../report/wrap-text.js';
import type { Colours } from '../output.js';
import { renderTable } from '../views/table.js';

interface PhaseTableOptions {
  /** What CodeBuild says of a phase is wrapped to this width. */
  columns: number;
  colours: Colours;
}

/** A line for each phase: how it ended and how long it took; below one that failed, why. */
export function phaseTable(phases: readonly BuildPhase[], options: PhaseTableOptions): string[] {
  const shown = phases.filter(({ type }) => type !== 'COMPLETED');
  const rows = shown.map((phase) => [
    phase.type,
    statusWord(phase.status, options.colours),
    tookOf(phase),
  ]);
  const [head = '', ...lines] = renderTable(['PHASE', 'STATUS', 'TOOK'], rows).split('\n');
  return [
    options.colours.dim(head),
    ...lines.flatMap((line, index) => [line, ...saying(shown[index], options)]),
  ];
}

function saying(phase: BuildPhase | undefined, { columns, colours }: PhaseTableOptions): string[] {
  const message = phase?.status === 'SUCCEEDED' ? undefined : phase?.message;
  if (message === undefined) return [];
  return wrapText(message, columns - 2).map((line) => `  ${colours.dim(line)}`);
}

/** Tells good from bad by colour, besides the word. */
export function statusWord(status: string | undefined, colours: Colours): string {
  if (status === undefined || status === 'IN_PROGRESS') return colours.cyan('IN_PROGRESS');
  return status === 'SUCCEEDED' ? colours.green(status) : colours.red(status);
}

function tookOf({ seconds, startedAt, endedAt }: BuildPhase): string {
  if (seconds !== undefined) return formatDuration(seconds * 1_000);
  const from = parseTime(startedAt);
  const to = parseTime(endedAt);
  return from === undefined || to === undefined ? '' : formatDuration(to - from);
}

/** What is said when a build has ended: its phases, its predecessors, and how it ended. */
export function resultLines(result: BuildResult, options: PhaseTableOptions): string[] {
  const { colours, columns } = options;
  return [
    ...phaseTable(result.phases, options),
    ...result.earlier.map((earlier) => earlierLine(earlier)),
    ...wrapText(endingOf(result), columns).map((line) =>
      result.status === 'SUCCEEDED' ? colours.green(line) : colours.red(line),
    ),
  ];
}

function earlierLine({ buildId, status, reason }: EarlierBuild): string {
  return plainText(`before it: ${buildId} ${status}; ${reason}`);
}

function endingOf({ buildId, status, startedAt, endedAt, reason }: BuildResult): string {
  const from = parseTime(startedAt);
  const to = parseTime(endedAt);
  const took = from === undefined || to === undefined ? '' : ` in ${formatDuration(to - from)}`;
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${buildId} ${status}${took}${why}`;
}
