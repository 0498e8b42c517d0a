import type { PieceRecord } from './cloud-record.js';
import { jobStatus } from './standing.js';
import type { Ending } from './work.js';

/** How one ended: for people, and to be compared. */
interface End {
  /** Nightshift's word. */
  told: string;
  /** CodeBuild's. */
  build: string;
  /** Of the command: as Nightshift says it, where it does. */
  exitStatus: number | undefined;
  /** Buildkite's word and exit status, of a job. */
  job?: string;
}

/** Where Nightshift, CodeBuild or Buildkite have it otherwise than it was to be. */
export function endingProblems(piece: PieceRecord): string[] {
  const { name } = piece;
  const was = endOf(piece);
  const due = dueEnd(piece);
  const problems: string[] = [];
  const compare = (who: string, found: unknown, wanted: unknown) => {
    if (found !== wanted)
      problems.push(`${who} says of ${name}: ${String(found)}, not ${String(wanted)}`);
  };
  compare('Nightshift', was.told, due.told);
  compare('Nightshift', exitText(was.exitStatus), exitText(due.exitStatus));
  compare('CodeBuild', was.build, due.build);
  compare('Buildkite', was.job, due.job);
  return problems;
}

/** The status of a build in CodeBuild's words, or of a job in Buildkite's. */
export function statusOf({ job, told }: PieceRecord): string {
  return job ? jobStatus(job) : told.status;
}

/** As Buildkite has it, or CodeBuild: where no command failed, 0. */
export function exitStatusOf({ job, told }: PieceRecord): string {
  if (job) return job.exitStatus ?? '';
  return String(told.exitStatus ?? (told.status === 'SUCCEEDED' ? 0 : ''));
}

function endOf({ told, builds, job }: PieceRecord): End {
  return {
    told: told.status,
    build: builds.at(-1)?.status ?? 'no build',
    exitStatus: told.exitStatus,
    ...(job ? { job: `${jobStatus(job)}, exit status ${job.exitStatus ?? 'none'}` } : {}),
  };
}

function dueEnd({ ending, job }: PieceRecord): End {
  const build = buildStatusFor(ending);
  if (!job) {
    const exitStatus = ending.kind === 'failed' ? ending.exitStatus : undefined;
    return { told: build, build, exitStatus };
  }
  switch (ending.kind) {
    case 'passed':
      return { told: 'finished', build, exitStatus: 0, job: 'passed, exit status 0' };
    case 'failed': {
      const { exitStatus } = ending;
      return { told: 'finished', build, exitStatus, job: `failed, exit status ${exitStatus}` };
    }
    case 'cancelled':
      return { told: 'cancelled', build, exitStatus: -1, job: 'canceled, exit status -1' };
  }
}

function buildStatusFor({ kind }: Ending): string {
  return { passed: 'SUCCEEDED', failed: 'FAILED', cancelled: 'STOPPED' }[kind];
}

function exitText(exitStatus: number | undefined): string {
  return exitStatus === undefined ? 'no exit status' : `exit status ${exitStatus}`;
}
