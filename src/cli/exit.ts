import { type ErrorCode, NightshiftError } from '../domain/errors.js';
import type { RunResult } from '../domain/cleanup/result.js';
import { InterruptedError } from './interrupts.js';

/** What a command's exit code means: the same for every command. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  noServer: 3,
  noAccess: 4,
  interrupted: 130,
} as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  return error instanceof NightshiftError ? byErrorCode[error.code] : exitCodes.failed;
}

const byErrorCode: Record<ErrorCode, number> = {
  InvalidInput: exitCodes.usage,
  RunRefused: exitCodes.usage,
  NotFound: exitCodes.usage,
  NoTemporalServer: exitCodes.noServer,
  AwsAccess: exitCodes.noAccess,
  AwsRefused: exitCodes.failed,
  AwsUnavailable: exitCodes.failed,
  TargetBusy: exitCodes.failed,
  BuildLimit: exitCodes.failed,
  BuildkiteRefused: exitCodes.failed,
  BuildkiteUnavailable: exitCodes.failed,
  BuildStopped: exitCodes.failed,
  JobTaken: exitCodes.failed,
  MirrorRefused: exitCodes.failed,
  MirrorUnavailable: exitCodes.failed,
  GitLabRefused: exitCodes.failed,
  GitLabUnavailable: exitCodes.failed,
  ImageFailed: exitCodes.failed,
  NoticeFailed: exitCodes.failed,
  Internal: exitCodes.failed,
};

type Targets = readonly { error?: { code: string } | undefined }[];

/** 0 only when the work is done. */
export function exitCodeOfRun({
  status,
  targets,
}: Pick<RunResult, 'status'> & { targets: Targets }): number {
  if (status !== 'refused' && allDenied(targets)) return exitCodes.noAccess;
  switch (status) {
    case 'completed':
      return exitCodes.done;
    case 'refused':
      return exitCodes.usage;
    case 'completed-with-failures':
    case 'cancelled':
      return exitCodes.failed;
  }
}

/** A target that could not be looked at makes a plan less than whole. */
export function exitCodeOfPlan({ targets }: { targets: Targets }): number {
  if (targets.every(({ error }) => !error)) return exitCodes.done;
  return allDenied(targets) ? exitCodes.noAccess : exitCodes.failed;
}

function allDenied(targets: Targets): boolean {
  return targets.length > 0 && targets.every(({ error }) => error?.code === 'AwsAccess');
}
