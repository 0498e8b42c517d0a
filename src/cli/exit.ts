import { type ErrorCode, NightshiftError } from '../domain/errors.js';
import type { RunResult } from '../domain/cleanup/result.js';

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
  NoticeFailed: exitCodes.failed,
  Internal: exitCodes.failed,
};

/** 0 only when the work is done. */
export function exitCodeOfRun({
  status,
  targets,
}: Pick<RunResult, 'status'> & {
  targets: readonly { error?: { code: string } | undefined }[];
}): number {
  if (targets.length > 0 && targets.every(({ error }) => error?.code === 'AwsAccess'))
    return exitCodes.noAccess;
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
