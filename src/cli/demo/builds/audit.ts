import type { CloudRecord, PieceRecord } from './cloud-record.js';
import { endingProblems } from './endings.js';

export interface Audit {
  /** Logs that arrived just as they are. */
  same: number;
  /** Chunks that came to Buildkite, and those of them that came again. */
  chunks: number;
  repeats: number;
  /** StartBuild calls that had no effect: a repeat that AWS knew by its token. */
  repeatedStarts: number;
  /** Builds that are still going on. */
  running: number;
  disconnected: number;
  /** Where what Nightshift says and what the cloud saw differ, or are not what was to be; empty when all is well. */
  problems: string[];
}

/** Compares what was to be, what Nightshift says, and what the cloud saw. */
export function audit(record: CloudRecord): Audit {
  const { pieces, builds, agents, stacks, startCalls } = record;
  const logs = pieces.flatMap(({ job }) => (job ? [job.log] : []));
  const running = builds.filter(({ status }) => status === 'IN_PROGRESS');
  const left = agents.filter(({ state }) => state !== 'disconnected');
  const known = new Set(pieces.flatMap((piece) => piece.builds.map(({ id }) => id)));
  return {
    same: pieces.filter(isSame).length,
    chunks: logs.reduce((sum, { chunks }) => sum + chunks, 0),
    repeats: logs.reduce((sum, { repeats }) => sum + repeats, 0),
    repeatedStarts: startCalls - builds.length,
    running: running.length,
    disconnected: agents.length - left.length,
    problems: [
      ...pieces.flatMap(startProblems),
      ...pieces.flatMap(endingProblems),
      ...pieces.flatMap(logProblems),
      ...builds.filter(({ id }) => !known.has(id)).map(({ id }) => `${id} is nobody’s build`),
      ...running.map(({ id }) => `${id} was left running`),
      ...left.map(({ name, state }) => `the agent ${name} is ${state}`),
      ...stacks.map((key) => `the stack ${key} is still registered`),
    ],
  };
}

/** Whether a log arrived byte for byte. */
export function isSame({ log, arrived }: PieceRecord): boolean {
  return log.sha256 !== '' && log.sha256 === arrived.sha256 && log.bytes === arrived.bytes;
}

function startProblems({ name, builds }: PieceRecord): string[] {
  return builds.length === 1 ? [] : [`${name} was started ${builds.length} times`];
}

function logProblems(piece: PieceRecord): string[] {
  const { name, log, arrived, told, logBytes = 1, job } = piece;
  const problems: string[] = [];
  if (!isSame(piece))
    problems.push(
      `${name} has ${log.bytes} bytes of log (SHA-256 ${log.sha256}), of which ${arrived.bytes} arrived (${arrived.sha256})`,
    );
  if (log.bytes < logBytes)
    problems.push(`${name} has only ${log.bytes} bytes of log, not ${logBytes}`);
  if (told.bytes !== log.bytes)
    problems.push(`Nightshift says that ${name} has ${told.bytes} bytes of log, not ${log.bytes}`);
  if (job) problems.push(...chunkProblems(name, job));
  return problems;
}

function chunkProblems(name: string, job: NonNullable<PieceRecord['job']>): string[] {
  const { conflicts, gaps, overlaps, missing, bytes } = job.log;
  const flaws = conflicts + gaps.length + overlaps.length + missing.length;
  return [
    ...(flaws === 0 ? [] : [`${name} has ${flaws} flaws between the chunks of its log`]),
    ...(job.bytesAtFinish === bytes
      ? []
      : [`${name} was finished at ${job.bytesAtFinish ?? 0} of ${bytes} bytes of log`]),
  ];
}
