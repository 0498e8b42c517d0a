import type { BuildResult } from '../../domain/builds/result.js';
import { exitCodes } from '../exit.js';

/** As a shell says that a command's reader had gone: 128 and SIGPIPE. */
export const brokenPipe = 141;

/**
 * 0 when the build succeeded; the exit status of the command that failed, as it is (2 and 130, too, whatever
 * they mean elsewhere); 1 otherwise, which a build that was stopped is, by whomever.
 */
export function exitCodeOfBuild({
  status,
  exitStatus,
}: Pick<BuildResult, 'status' | 'exitStatus'>): number {
  if (status === 'SUCCEEDED') return exitCodes.done;
  const isPassedOn = exitStatus !== undefined && exitStatus >= 1 && exitStatus <= 255;
  return isPassedOn ? exitStatus : exitCodes.failed;
}

export const exitCodeHelp =
  '\nExit codes: 0 the build succeeded; the exit status of the command that failed, as it is;\n' +
  '1 any other end, stopped by Ctrl-C or SIGTERM among them; before the build has started as for\n' +
  'all commands; 130 detached; 141 the log’s reader has gone (the build goes on)';
