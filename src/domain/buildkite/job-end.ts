import type { BuildResult } from '../builds/result.js';
import type { JobEnd } from './result.js';

/** A person, or a time limit of Buildkite's, ended the job. */
export const cancelledEnd: JobEnd = { exitStatus: -1, signal: 'SIGTERM', signalReason: 'cancel' };

/** Nothing of the job has run. */
export const notStartedEnd: JobEnd = { exitStatus: -1, signalReason: 'process_run_error' };

/** It ran, and what ran it went away. */
export const lostEnd: JobEnd = { exitStatus: -1, signalReason: 'agent_stop' };

/** How a job ends whose build has ended by itself. */
export function endOfBuild({ status, exitStatus }: BuildResult): JobEnd {
  if (status === 'SUCCEEDED') return { exitStatus: 0 };
  // A failed command has a status above 0; CodeBuild fails a build for other reasons, too.
  if (status === 'FAILED') return { exitStatus: exitStatus || 1 };
  return status === 'STOPPED' ? { ...lostEnd, signal: 'SIGTERM' } : lostEnd;
}

/** Whether the end of a build is told by its log: of its own commands' doing. */
export function isTold({ status, exitStatus }: BuildResult): boolean {
  return status === 'SUCCEEDED' || (status === 'FAILED' && exitStatus !== undefined);
}
