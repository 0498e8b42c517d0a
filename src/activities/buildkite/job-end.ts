import type { JobEnd } from '../../domain/buildkite/result.js';
import type { Agents, JobSession } from './agents.js';
import { fromBuildkiteError, isOver } from './failures.js';

export interface FinishOptions extends JobSession {
  agents: Agents;
  end: JobEnd;
  /** Chunks of the log that Buildkite has refused. */
  lost: number;
  signal: AbortSignal;
}

/** Ends a job in Buildkite; `refused` when Buildkite had ended it itself. */
export async function finishJob(options: FinishOptions): Promise<'finished' | 'refused'> {
  const { agents, session, job, end, lost, signal } = options;
  try {
    const finish = { ...end, finishedAt: new Date(), chunksFailed: lost };
    await agents.api(session).finishJob(session, job, finish, signal);
    return 'finished';
  } catch (error) {
    if (isOver(error)) return 'refused';
    throw fromBuildkiteError(error, `job ${job.id} can’t be finished`);
  }
}
