import { formatCount, formatDuration, plural } from '../../../report/format.js';
import type { Output } from '../../output.js';
import { renderTable } from '../../views/table.js';
import { labelled } from '../lines.js';
import { type Audit, isSame } from './audit.js';
import type { CloudRecord, PieceRecord } from './cloud-record.js';
import { exitStatusOf, statusOf } from './endings.js';
import { formatBytes } from './format-bytes.js';

export interface Summary {
  record: CloudRecord;
  audit: Audit;
  /** Milliseconds that it all took. */
  took: number;
  killed: boolean;
  /** Path of the folder with the builds' logs. */
  logs: string;
}

/** The end of the demo. */
export function renderSummary(summary: Summary, output: Output): string {
  const { record, audit, took, killed, logs } = summary;
  const { paint } = output;
  return [
    paint.bold('Done'),
    '',
    ...tableLines(record.pieces, output),
    '',
    ...labelled('Time', formatDuration(took), output),
    ...labelled('Logs', logsOf(summary), output),
    ...labelled('Once', onceOf(summary), output),
    ...labelled('Agents', agentsOf(summary), output),
    ...labelled('Running', runningOf(summary), output),
    ...(killed ? [] : labelled(paint.red('problem'), 'no worker was killed', output)),
    ...audit.problems.flatMap((problem) => labelled(paint.red('problem'), problem, output)),
    '',
    `Logs of the builds: ${paint.cyan(logs)}`,
  ].join('\n');
}

const groups: [PieceRecord['via'], string][] = [
  ['client', 'Builds started with client.builds.run(…), their log goes to a file'],
  ['agent', 'Buildkite jobs that Nightshift took as an agent'],
  ['stacks', 'Buildkite jobs that Nightshift reserved through the Stacks API'],
];

/** Digits of a checksum that are shown. */
const digits = 8;

const titles = [
  ...['JOB', 'STATUS', 'EXIT', 'STARTS', 'BYTES'.padStart(10)],
  // Checksums: of CodeBuild's own log, and of what came of it where it was to go.
  ...['AWS LOG', 'ARRIVED', 'SAME'],
];

function tableLines(pieces: readonly PieceRecord[], { paint }: Output): string[] {
  const sorted = groups.flatMap(([via]) => pieces.filter((piece) => piece.via === via));
  const rows = sorted.map((piece) => [
    piece.name,
    statusText(piece, paint),
    exitStatusOf(piece).padStart(4),
    String(piece.builds.length).padStart(6),
    formatCount(piece.log.bytes).padStart(10),
    piece.log.sha256.slice(0, digits),
    piece.arrived.sha256.slice(0, digits),
    isSame(piece) ? paint.green('yes') : paint.red('no'),
  ]);
  const [head = '', ...lines] = renderTable(titles, rows).split('\n');
  const inGroups = groups.flatMap(([via, title]) => [
    paint.dim(title),
    ...lines.filter((_, index) => sorted[index]?.via === via),
  ]);
  return [paint.dim(head), ...inGroups].map((line) => `  ${line}`);
}

function statusText(piece: PieceRecord, paint: Output['paint']): string {
  const status = statusOf(piece);
  switch (status) {
    case 'SUCCEEDED':
    case 'passed':
      return paint.green(status);
    case 'canceled':
      return paint.yellow(status);
    default:
      return paint.red(status);
  }
}

function logsOf({ record, audit }: Summary): string {
  const { pieces } = record;
  const bytes = pieces.reduce((sum, { log }) => sum + log.bytes, 0);
  if (audit.same < pieces.length) return `no: ${pieces.length - audit.same} differ`;
  const again =
    audit.repeats === 0
      ? ''
      : ` ${plural(audit.repeats, 'chunk')} came a second time, just the same.`;
  return (
    `yes: ${audit.same} of ${pieces.length} arrived byte for byte, ${formatBytes(bytes)} in all. The checksums ` +
    `are SHA-256, the first ${digits} digits: of CodeBuild’s own log, and of what came out of ` +
    `${formatCount(audit.chunks)} chunks in Buildkite, or is in the file.${again}`
  );
}

function onceOf({ record, audit }: Summary): string {
  const { pieces, builds, startCalls } = record;
  const isOnce = pieces.every((piece) => piece.builds.length === 1);
  if (!isOnce || builds.length !== pieces.length)
    return `no: CodeBuild has ${builds.length} builds, for ${pieces.length} that were to be started`;
  const repeats =
    audit.repeatedStarts <= 0
      ? ''
      : `, ${audit.repeatedStarts} of them a repeat that CodeBuild knew by its token`;
  return `yes: each of the ${pieces.length} was started once; ${plural(startCalls, 'StartBuild call')}${repeats}`;
}

function agentsOf({ record, audit }: Summary): string {
  const { agents, stacks } = record;
  const stacksText = stacks.length === 0 ? 'no stack is left' : `left: ${stacks.join(', ')}`;
  return `${audit.disconnected} of ${agents.length} are disconnected; ${stacksText}`;
}

function runningOf({ record, audit }: Summary): string {
  const cancelled = record.pieces.filter(({ ending }) => ending.kind === 'cancelled');
  const names = cancelled.map(({ name }) => name).join(', ');
  return audit.running === 0
    ? `nothing: no build was left, and that of ${names} was stopped when its job was cancelled`
    : `${plural(audit.running, 'build')} still`;
}
