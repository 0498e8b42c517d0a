import type { Client } from '@temporalio/client';
import { lostEnd } from '../../domain/buildkite/job-end.js';
import type { JobStanding } from '../../domain/buildkite/result.js';
import type { Pace } from '../../domain/config/index.js';
import type { Agents } from './agents.js';
import { isOver } from './failures.js';
import { finishJob } from './job-end.js';

export interface SweepJobsOptions {
  agents: Agents;
  client: Client;
  taskQueue: string;
  pace: Pace;
  signal: AbortSignal;
}

/** A job whose agent is silent for four minutes is given away by Buildkite itself; a day is more than enough. */
const lookBack = 24 * 3_600_000;

/** Ends jobs of ours in Buildkite whose workflow was ended from outside: it could not say so itself. */
export async function sweepJobs(options: SweepJobsOptions): Promise<{ finished: string[] }> {
  const { client, taskQueue } = options;
  const since = new Date(Date.now() - lookBack).toISOString();
  const query = `WorkflowType = 'buildkiteJob' AND TaskQueue = '${taskQueue}' AND ExecutionStatus IN ('Terminated', 'TimedOut') AND CloseTime > '${since}'`;
  const finished: string[] = [];
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    const standing = await client.workflow.getHandle(workflowId, runId).query<JobStanding>('job');
    if (await finishLost(options, standing)) finished.push(standing.jobId);
  }
  return { finished };
}

/** Whether the job was still running in Buildkite, and is not any more. */
async function finishLost(
  { agents, pace, signal }: SweepJobsOptions,
  { jobId, sink, phase }: JobStanding,
): Promise<boolean> {
  if (!sink || phase === 'done') return false;
  const { session, job } = await agents.openSession(sink.session, jobId, pace);
  const api = agents.api(session);
  try {
    const state = await api.jobState(session, job, signal);
    if (!['accepted', 'running', 'canceling', 'timing_out'].includes(state)) return false;
    const told = await finishJob({
      agents,
      session,
      job,
      end: lostEnd,
      lost: 0,
      isRepeat: false,
      signal,
    });
    await api.disconnect(session, signal);
    return told === 'finished';
  } catch (error) {
    // Its session is over, or the job is: swept before, or given away.
    if (isOver(error)) return false;
    throw error;
  }
}
