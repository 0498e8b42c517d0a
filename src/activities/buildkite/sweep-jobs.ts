import type { Client } from '@temporalio/client';
import type { AwsConnections } from '../../aws/connections.js';
import { lostEnd } from '../../domain/buildkite/job-end.js';
import type { JobStanding } from '../../domain/buildkite/result.js';
import type { Pace } from '../../domain/config/index.js';
import type { Agents } from './agents.js';
import { isOver } from './failures.js';
import { finishJob } from './job-end.js';
import { dropToken } from './job-secret.js';

export interface SweepJobsOptions {
  aws: AwsConnections;
  agents: Agents;
  client: Client;
  taskQueue: string;
  pace: Pace;
  signal: AbortSignal;
}

export interface SweptJobs {
  /** UUIDs of jobs that were finished as lost. */
  finished: string[];
  troubles: string[];
}

/** A job whose agent is silent for four minutes is given away by Buildkite itself; a day is more than enough. */
const lookBack = 24 * 3_600_000;

/** Ends jobs of ours in Buildkite whose workflow was ended from outside: it could not say so itself. */
export async function sweepJobs(options: SweepJobsOptions): Promise<SweptJobs> {
  const { client, taskQueue, signal } = options;
  const since = new Date(Date.now() - lookBack).toISOString();
  const query = `WorkflowType = 'buildkiteJob' AND TaskQueue = '${taskQueue}' AND ExecutionStatus IN ('Terminated', 'TimedOut') AND CloseTime > '${since}'`;
  const swept: SweptJobs = { finished: [], troubles: [] };
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    // One job that can't be asked hides no other.
    try {
      const standing = await client.workflow.getHandle(workflowId, runId).query<JobStanding>('job');
      await forgetToken(options, standing);
      if (await finishLost(options, standing)) swept.finished.push(standing.jobId);
    } catch (error) {
      signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      swept.troubles.push(`${workflowId} can’t be swept: ${message}`);
    }
  }
  return swept;
}

/** The access token of a job that nobody runs is of no more use to its build. */
async function forgetToken(
  { aws, signal }: SweepJobsOptions,
  { jobId, place }: JobStanding,
): Promise<void> {
  if (!place) return;
  await dropToken(aws.ssm(place.target, place.access, place.pace), jobId, signal);
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
