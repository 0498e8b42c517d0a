import { exitStatusOf } from './exit-status.js';
import { failedPhase } from './failed-phase.js';
import type { BuildPhase, EndedStatus } from './result.js';

const longestDelay = 600_000;

/** Milliseconds to wait before the build after `made` ones. */
export function retryDelay({ firstDelay, made }: { firstDelay: number; made: number }): number {
  return Math.min(longestDelay, firstDelay * 2 ** (made - 1));
}

/** Phases before anything of the build's own has run. */
const beforeTheContainer = new Set(['SUBMITTED', 'QUEUED', 'PROVISIONING']);

/**
 * Why a build failed for no fault of its own; undefined when it is its own: a command, a missing source,
 * a time limit that its commands used up, or a person who stopped it.
 */
export function infrastructureFailure(
  status: EndedStatus,
  phases: readonly BuildPhase[],
): string | undefined {
  if (status === 'SUCCEEDED' || status === 'STOPPED') return undefined;
  const failed = failedPhase(phases);
  // A role that may not pull the image, say: the same build would fail the same way.
  if (failed?.status === 'CLIENT_ERROR') return undefined;
  if (failed?.status === 'FAULT') return `CodeBuild had a fault in ${failed.type}${saying(failed)}`;
  // A command that failed is not run again for a fault that came after it.
  if (status === 'FAULT' && exitStatusOf(phases) === undefined)
    return `CodeBuild had a fault${failed ? ` in ${failed.type}${saying(failed)}` : ''}`;
  if (!failed || !beforeTheContainer.has(failed.type)) return undefined;
  if (failed.type === 'QUEUED' && failed.status === 'TIMED_OUT')
    return `the build waited too long in the queue${saying(failed)}`;
  return `CodeBuild could not provide the build’s machine${saying(failed)}`;
}

function saying({ message }: BuildPhase): string {
  return message === undefined || message === '' ? '' : `: ${message}`;
}
