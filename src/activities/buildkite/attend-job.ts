import { setTimeout as delay } from 'node:timers/promises';
import { BuildkiteError } from '../../buildkite/index.js';
import type { Agents, JobSession } from './agents.js';
import { isOver } from './failures.js';

/** Why a job is not to go on. */
export type JobCall =
  | { kind: 'cancel'; state: string }
  /** Buildkite has given the agent up, and the job with it. */
  | { kind: 'lost'; message: string };

/** A job in one of these states is to be stopped. */
const cancelStates = new Set(['canceling', 'canceled', 'timing_out', 'timed_out']);

export interface AttendOptions extends JobSession {
  agents: Agents;
  /** Told once that the job is to be stopped. */
  tell: (call: JobCall) => Promise<void>;
  signal: AbortSignal;
}

/**
 * Gives signs of life for a job's agent, and looks at the job's state until the job is to be stopped. To stop it
 * takes its time, for which its agent has to live: ends only when Buildkite has given the agent up.
 */
export async function attendJob(options: AttendOptions): Promise<JobCall> {
  const { agents, session, job, tell, signal } = options;
  const api = agents.api(session);
  const { heartbeatInterval, jobStatusInterval } = session;
  let nextBeat = 0;
  let nextLook = 0;
  for (;;) {
    const now = Date.now();
    if (now >= nextBeat) {
      nextBeat = now + heartbeatInterval;
      const lost = await refusalOf(() => api.heartbeat(session, signal));
      if (lost) return { kind: 'lost', message: lost.message };
    }
    if (now >= nextLook) {
      nextLook = now + jobStatusInterval;
      const call = await look(() => api.jobState(session, job, signal));
      if (call) {
        await tell(call);
        nextLook = Infinity;
      }
    }
    await delay(Math.max(10, Math.min(nextBeat, nextLook) - Date.now()), undefined, { signal });
  }
}

async function look(state: () => Promise<string>): Promise<JobCall | undefined> {
  let now = '';
  const refused = await refusalOf(async () => (now = await state()));
  // With the job's cancellation its token ends.
  if (refused) return { kind: 'cancel', state: String(refused.status) };
  return cancelStates.has(now) ? { kind: 'cancel', state: now } : undefined;
}

/** How a call was refused for good; what may pass is tried at the next tick. */
async function refusalOf(call: () => Promise<unknown>): Promise<BuildkiteError | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (!(error instanceof BuildkiteError)) throw error;
    return isOver(error) ? error : undefined;
  }
}
