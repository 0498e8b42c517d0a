import { type AgentApi, type AgentSession, BuildkiteError } from '../../buildkite/index.js';
import type { JobEnd } from '../../domain/buildkite/result.js';
import type { Agents, JobSession } from './agents.js';
import { fromBuildkiteError, isOver } from './failures.js';

export interface FinishOptions extends JobSession {
  agents: Agents;
  end: JobEnd;
  /** Chunks of the log that Buildkite has refused. */
  lost: number;
  /** Whether it may have been said before, by a worker that died with the answer. */
  isRepeat: boolean;
  signal: AbortSignal;
}

/** Ends a job in Buildkite; `refused` when Buildkite had ended it itself. */
export async function finishJob(options: FinishOptions): Promise<'finished' | 'refused'> {
  const { agents, session, job, end, lost, isRepeat, signal } = options;
  const api = agents.api(session);
  try {
    const finish = { ...end, finishedAt: new Date(), chunksFailed: lost };
    await api.finishJob(session, job, finish, signal);
    return 'finished';
  } catch (error) {
    if (!(error instanceof BuildkiteError) || !isOver(error))
      throw fromBuildkiteError(error, `job ${job.id} can’t be finished`);
    const mayBeSaid = isRepeat || error.earlierAnswerLost;
    return mayBeSaid && (await isAgent(api, session, signal)) ? 'finished' : 'refused';
  }
}

/** Whether an agent is still one: the job of an agent that was lost was ended by Buildkite. */
async function isAgent(
  api: AgentApi,
  session: AgentSession,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await api.heartbeat(session, signal);
    return true;
  } catch (error) {
    if (isOver(error)) return false;
    throw fromBuildkiteError(error, `agent ${session.name} can’t be asked`);
  }
}
