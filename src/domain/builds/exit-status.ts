import { failedPhase } from './failed-phase.js';
import type { BuildPhase, EndedStatus } from './result.js';

/**
 * Exit status of the command that failed a build. CodeBuild tells it in the context of the failed phase only:
 * "Error while executing command: make test. Reason: exit status 3".
 */
export function exitStatusOf(phases: readonly BuildPhase[]): number | undefined {
  for (const { status, message } of phases) {
    if (status === undefined || status === 'SUCCEEDED' || message === undefined) continue;
    // The command itself may hold such words: CodeBuild's are the last.
    const found = /Reason: exit status (\d{1,3})\.?\s*$/.exec(message)?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}

/** Why a build ended as it did, in one line; undefined when it succeeded. */
export function reasonOf(status: EndedStatus, phases: readonly BuildPhase[]): string | undefined {
  if (status === 'SUCCEEDED') return undefined;
  const failed = failedPhase(phases);
  if (!failed) return wording[status];
  const message = failed.message ? `: ${failed.message}` : '';
  return `${wording[status]} in ${failed.type}${message}`;
}

const wording: Record<EndedStatus, string> = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  FAULT: 'CodeBuild had a fault',
  TIMED_OUT: 'timed out',
  STOPPED: 'was stopped',
};
