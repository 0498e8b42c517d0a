import type { AgentApi, AgentSession, Job, JobAccess } from '../../buildkite/index.js';
import { isForbidden, isOver } from './failures.js';

// Buildkite carries out each step of a job's life once, and refuses it from then on. Where an answer was lost, or a
// worker died with it, the step is tried again: what the refusal means is told by the state that the job is in.

/** Takes a job by its id: null when it is another agent's, or over. */
export async function acquireJob(
  api: AgentApi,
  session: AgentSession,
  jobId: string,
  signal: AbortSignal,
): Promise<Job | null> {
  try {
    await api.connect(session, signal);
    return await api.acquireJob(session, jobId, signal);
  } catch (error) {
    // 403 is no word on the job: no agent of ours may take any.
    if (isOver(error) && !isForbidden(error)) return null;
    throw error;
  }
}

/**
 * Takes a job that a ping has handed to its agent: null when it is another agent's by now, or over. One that the
 * agent has accepted before is as it was handed out.
 */
export async function acceptJob(
  api: AgentApi,
  session: AgentSession,
  handed: Job,
  signal: AbortSignal,
): Promise<Job | null> {
  try {
    return await api.acceptJob(session, handed.id, signal);
  } catch (error) {
    if (!isOver(error)) throw error;
    return (await stateOf(api, session, handed, signal)) === 'accepted' ? handed : null;
  }
}

/** Says that a job runs; `cancelled` when it is not to. */
export async function startJob(
  api: AgentApi,
  session: AgentSession,
  job: JobAccess,
  signal: AbortSignal,
): Promise<'started' | 'cancelled'> {
  try {
    await api.startJob(session, job, new Date(), signal);
    return 'started';
  } catch (error) {
    if (!isOver(error)) throw error;
    return (await stateOf(api, session, job, signal)) === 'running' ? 'started' : 'cancelled';
  }
}

/** The state of a job of ours; undefined when it is not ours, or not any more. */
export async function stateOf(
  api: AgentApi,
  session: AgentSession,
  job: JobAccess,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await api.jobState(session, job, signal);
  } catch (error) {
    if (isOver(error)) return undefined;
    throw error;
  }
}
