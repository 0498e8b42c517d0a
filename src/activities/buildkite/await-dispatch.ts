import { setTimeout as delay } from 'node:timers/promises';
import {
  type AgentSession,
  BuildkiteError,
  type Job,
  agentSessionSchema,
} from '../../buildkite/index.js';
import { type QueueSpec, sealedFor } from '../../domain/buildkite/spec.js';
import { isTakenOver } from '../cancellation.js';
import type { SavedProgress } from '../saved-progress.js';
import { type Agents, sealerOf } from './agents.js';
import { isOver } from './failures.js';

/** A job that Buildkite has handed to an agent of ours. */
export interface Dispatched {
  jobId: string;
  /** Sealed: of the agent, and for the job. */
  session: string;
  /** Sealed: the job as it was handed out. */
  job: string;
}

export interface DispatchProgress {
  /** Sealed: of the agent that asks. Whoever takes over goes on as this agent, and is handed the same job. */
  session?: string;
}

export interface AwaitDispatchOptions {
  agents: Agents;
  queue: QueueSpec;
  /** What the agent is called. */
  name: string;
  progress: SavedProgress<DispatchProgress>;
  signal: AbortSignal;
}

/** How long a farewell may take, in milliseconds. */
const farewell = 10_000;

/** Asks for work as an agent of the queue, until there is some. */
export async function awaitDispatch(options: AwaitDispatchOptions): Promise<Dispatched> {
  const { agents, queue, signal } = options;
  let session = (await resumed(options)) ?? (await begin(options));
  try {
    await connect(options, session);
    let nextBeat = Date.now() + session.heartbeatInterval;
    for (;;) {
      const asked = await ask(options, session);
      if (asked === 'gone') {
        session = await begin(options);
        await connect(options, session);
      } else if (asked.job) return await handOver(agents, queue, asked.session, asked.job);
      else session = asked.session;
      if (Date.now() >= nextBeat) {
        nextBeat = Date.now() + session.heartbeatInterval;
        await agents.api(session).heartbeat(session, signal).catch(unlessTheirs);
      }
      await delay(session.pingInterval, undefined, { signal });
    }
  } catch (error) {
    // A farewell from here would end the job that the agent runs by now.
    if (isTakenOver()) throw error;
    // Nobody asks as this agent any more; a job that it was just handed goes back to its queue.
    await agents
      .api(session)
      .disconnect(session, AbortSignal.timeout(farewell))
      .catch(unlessTheirs);
    options.progress.note({});
    throw error;
  }
}

async function resumed({
  agents,
  queue,
  progress,
}: AwaitDispatchOptions): Promise<AgentSession | undefined> {
  const { session } = progress.value;
  if (session === undefined) return undefined;
  const text = await agents.secrets.open(session, sealedFor.agent(queue.queue), queue.place.pace);
  return agentSessionSchema.parse(JSON.parse(text));
}

async function begin({
  agents,
  queue,
  name,
  progress,
  signal,
}: AwaitDispatchOptions): Promise<AgentSession> {
  const session = await agents.register(queue, { name, ignoreInDispatches: false }, signal);
  const text = JSON.stringify(session);
  const { secrets } = agents;
  await progress.save({
    session: await secrets.seal(queue, queue.place.pace, text, sealedFor.agent(queue.queue)),
  });
  return session;
}

/**
 * Shows the agent as connected, without which it is given no job. Done for one that was taken over, too: the worker that
 * registered it may have died before it could. Where that is refused, the next ping tells whether the agent is gone.
 */
async function connect(
  { agents, signal }: AwaitDispatchOptions,
  session: AgentSession,
): Promise<void> {
  try {
    await agents.api(session).connect(session, signal);
  } catch (error) {
    if (!isOver(error)) throw error;
  }
}

async function ask(
  { agents, signal }: AwaitDispatchOptions,
  session: AgentSession,
): Promise<{ session: AgentSession; job?: Job } | 'gone'> {
  try {
    const { action, job, session: next } = await agents.api(session).ping(session, signal);
    if (action !== 'disconnect') return job ? { session: next, job } : { session: next };
    await agents.api(next).disconnect(next, signal).catch(unlessTheirs);
    await delay(next.pingInterval, undefined, { signal });
    return 'gone';
  } catch (error) {
    if (!(error instanceof BuildkiteError)) throw error;
    return isOver(error) ? 'gone' : { session };
  }
}

async function handOver(
  agents: Agents,
  queue: QueueSpec,
  session: AgentSession,
  job: Job,
): Promise<Dispatched> {
  const access = job.token === undefined ? { id: job.id } : { id: job.id, token: job.token };
  return {
    jobId: job.id,
    session: await agents.sealSession(sealerOf(queue), job.id, { session, job: access }),
    job: await agents.sealJob(sealerOf(queue), job),
  };
}

/** Buildkite's refusals and silences are met by the next ping; anything else is a defect. */
function unlessTheirs(error: unknown): void {
  if (error instanceof BuildkiteError) return;
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return;
  throw error;
}
