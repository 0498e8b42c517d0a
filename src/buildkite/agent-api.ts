import { z } from 'zod';
import type { LogChunk } from '../domain/buildkite/chunks.js';
import { type CallerOptions, type Exchange, as, make, nothing } from './caller.js';
import { compressed } from './chunks.js';
import { type JobFinish, finishBody } from './finish.js';
import { type HttpCall, parseAnswer, segment } from './http.js';
import { type Job, type JobAccess, jobAnswerSchema, optionalText } from './job.js';
import { type PingAnswer, pingAnswerOf } from './ping.js';
import { retryPolicies } from './retry.js';
import {
  type AgentRegistration,
  type AgentSession,
  registrationBody,
  sessionOf,
} from './session.js';

export interface AgentApiOptions extends CallerOptions {
  /** Where agents register: `https://agent-edge.buildkite.com/v3`. Later calls go where the session says. */
  endpoint: string;
}

export interface Annotation {
  /** Markdown or HTML. */
  body: string;
  context?: string;
  style?: 'success' | 'info' | 'warning' | 'error';
  append?: boolean;
}

/**
 * Buildkite's agent API: one method a call, each with the retries of Buildkite's own agent. It keeps no state: a
 * session is a value, so that any worker can speak for any agent. Every method throws a `BuildkiteError`, or the
 * reason of `signal`.
 */
export class AgentApi {
  constructor(private readonly options: AgentApiOptions) {}

  /** Registers an agent with the registration token of a cluster. */
  register(token: string, agent: AgentRegistration, signal?: AbortSignal): Promise<AgentSession> {
    const { endpoint } = this.options;
    const json = registrationBody(agent);
    return this.make(
      {
        name: 'Register',
        policy: retryPolicies.register,
        call: () => ({ method: 'POST', endpoint, path: 'register', token, json }),
        read: (answer) => sessionOf(answer, agent, endpoint),
      },
      signal,
    );
  }

  /** Shows the agent as connected. */
  connect(session: AgentSession, signal?: AbortSignal): Promise<void> {
    const call = ofSession(session, 'POST', 'connect');
    return this.tell('Connect', retryPolicies.connect, call, signal);
  }

  /** Ends the session: its token is worth nothing from then on. */
  disconnect(session: AgentSession, signal?: AbortSignal): Promise<void> {
    const call = ofSession(session, 'POST', 'disconnect');
    return this.tell('Disconnect', retryPolicies.disconnect, call, signal);
  }

  /** Asks for work. One attempt: it is asked again at the next tick. */
  ping(session: AgentSession, signal?: AbortSignal): Promise<PingAnswer> {
    return this.make(
      {
        name: 'Ping',
        policy: retryPolicies.tick,
        call: () => ofSession(session, 'GET', 'ping'),
        read: (answer) => pingAnswerOf(answer, session),
      },
      signal,
    );
  }

  /** A sign of life; an agent that gives none for three minutes is lost. `receivedAt` is ISO 8601. */
  heartbeat(session: AgentSession, signal?: AbortSignal): Promise<{ receivedAt?: string }> {
    return this.make(
      {
        name: 'Heartbeat',
        policy: retryPolicies.heartbeat,
        call: () => ({
          ...ofSession(session, 'POST', 'heartbeat'),
          json: { sent_at: new Date().toISOString() },
        }),
        read: (answer) => {
          const schema = z.object({ received_at: optionalText });
          const at = parseAnswer(schema, answer, 'Heartbeat').received_at;
          return at === undefined ? {} : { receivedAt: at };
        },
      },
      signal,
    );
  }

  /**
   * Takes a job by its id. 422: it is another's, or over; unless an answer was lost before
   * (`earlierAnswerLost`), when it may be this agent's own. 423: it still waits for another job.
   */
  async acquireJob(session: AgentSession, jobId: string, signal?: AbortSignal): Promise<Job> {
    const call = ofSession(session, 'PUT', `jobs/${segment(jobId)}/acquire`);
    return this.make(
      {
        name: 'AcquireJob',
        policy: retryPolicies.acquire,
        call: (attempt) => ({
          ...call,
          headers: {
            ...call.headers,
            'X-Buildkite-Lock-Acquire-Job': '1',
            'X-Buildkite-Backoff-Sequence': String(attempt),
          },
        }),
        read: as(jobAnswerSchema, 'AcquireJob'),
      },
      signal,
    );
  }

  /** Takes a job that a ping handed out; the answer has its whole environment. */
  async acceptJob(session: AgentSession, jobId: string, signal?: AbortSignal): Promise<Job> {
    return this.make(
      {
        name: 'AcceptJob',
        policy: retryPolicies.accept,
        call: () => ofSession(session, 'PUT', `jobs/${segment(jobId)}/accept`),
        read: as(jobAnswerSchema, 'AcceptJob'),
      },
      signal,
    );
  }

  /** Says that the job runs. 422: it was cancelled meanwhile. */
  async startJob(
    session: AgentSession,
    job: JobAccess,
    startedAt: Date,
    signal?: AbortSignal,
  ): Promise<void> {
    const json = { started_at: startedAt.toISOString() };
    const call = { ...ofJob(session, job, 'PUT', '/start'), json };
    return this.tell('StartJob', retryPolicies.start, call, signal);
  }

  /** The job's state, as `running` or `canceling`. One attempt. 401: it was cancelled, and its token with it. */
  async jobState(session: AgentSession, job: JobAccess, signal?: AbortSignal): Promise<string> {
    return this.make(
      {
        name: 'GetJobState',
        policy: retryPolicies.tick,
        call: () => ofJob(session, job, 'GET', ''),
        read: (answer) => parseAnswer(z.object({ state: z.string() }), answer, 'GetJobState').state,
      },
      signal,
    );
  }

  /** Uploads a chunk of log. A refusal (4xx) is final: the job doesn't run, or the chunk is wrong. */
  async uploadChunk(
    session: AgentSession,
    job: JobAccess,
    chunk: LogChunk,
    signal?: AbortSignal,
  ): Promise<void> {
    const { sequence, offset, bytes } = chunk;
    const call = ofJob(session, job, 'POST', '/chunks');
    await this.tell(
      'UploadChunk',
      retryPolicies.chunks,
      {
        ...call,
        query: { sequence, offset, size: bytes.length },
        headers: { ...call.headers, 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' },
        bytes: await compressed(bytes),
      },
      signal,
    );
  }

  /**
   * Ends the job, which must come after its last chunk. 422 and 401: Buildkite has ended it already, or does so
   * itself.
   */
  async finishJob(
    session: AgentSession,
    job: JobAccess,
    finish: JobFinish,
    signal?: AbortSignal,
  ): Promise<void> {
    const call = { ...ofJob(session, job, 'PUT', '/finish'), json: finishBody(finish) };
    return this.tell('FinishJob', retryPolicies.finish, call, signal);
  }

  /** Sets a metadata key of the job's build. */
  async setData(
    session: AgentSession,
    job: JobAccess,
    entry: { key: string; value: string },
    signal?: AbortSignal,
  ): Promise<void> {
    const { key, value } = entry;
    const call = { ...ofJob(session, job, 'POST', '/data/set'), json: { key, value } };
    return this.tell('SetData', retryPolicies.extras, call, signal);
  }

  /** Writes on the page of the job's build. */
  async annotate(
    session: AgentSession,
    job: JobAccess,
    annotation: Annotation,
    signal?: AbortSignal,
  ): Promise<void> {
    const call = { ...ofJob(session, job, 'POST', '/annotations'), json: annotation };
    return this.tell('Annotate', retryPolicies.extras, call, signal);
  }

  private make<T>(exchange: Exchange<T>, signal: AbortSignal | undefined): Promise<T> {
    return make(exchange, this.options, signal);
  }

  private tell(
    name: string,
    policy: Exchange<void>['policy'],
    call: HttpCall,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    return this.make({ name, policy, call: () => call, read: nothing }, signal);
  }
}

function ofSession(session: AgentSession, method: HttpCall['method'], path: string): HttpCall {
  const { endpoint, accessToken: token, requestHeaders: headers } = session;
  return { method, endpoint, path, token, headers };
}

/** A call about a job, with the job's own token where it has one. */
function ofJob(
  session: AgentSession,
  job: JobAccess,
  method: HttpCall['method'],
  below: string,
): HttpCall {
  const call = ofSession(session, method, `jobs/${segment(job.id)}${below}`);
  return { ...call, token: job.token ?? call.token };
}
