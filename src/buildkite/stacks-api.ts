import { Pacer } from '../aws/pacer.js';
import { type CallerOptions, as, make, nothing } from './caller.js';
import { cutToBytes, inBatches } from './cut.js';
import { DefaultQueueName } from './default-queue.js';
import { BuildkiteError } from './error.js';
import { type HttpAnswer, type HttpCall, segment } from './http.js';
import { retryPolicies } from './retry.js';
import {
  type RefusedNotification,
  type StackNotification,
  checkKey,
  cutMetadata,
  expiryOf,
  notificationBody,
  refusedOf,
} from './stack-bodies.js';
import { type PacedCall, paceOf, stackLimits, stackRates } from './stack-limits.js';
import {
  type ScheduledJobs,
  type StackJob,
  refusalsSchema,
  reservedSchema,
  scheduledJobsSchema,
  stackJobSchema,
  statesSchema,
} from './stack-shapes.js';

export interface StacksApiOptions extends CallerOptions {
  endpoint: string;
  /** The agent token of the cluster. Secret; kept where nothing prints it. */
  token: string;
}

/** What one call is, but for whose stack it is. */
interface StackCall<T> {
  name: PacedCall | 'StackRegister';
  method: HttpCall['method'];
  /** Below `stacks/`. */
  path: string;
  query?: HttpCall['query'];
  json?: unknown;
  read: (answer: HttpAnswer) => T;
}

/**
 * Buildkite's Stacks API, for those who take jobs of a whole queue: one method a call. Lists longer than a call takes
 * go in several; calls keep to the rates that Buildkite grants, per stack. Every method throws a `BuildkiteError`, or
 * the reason of `signal`.
 */
export class StacksApi {
  readonly #token: string;
  readonly #options: Omit<StacksApiOptions, 'token'>;
  readonly #pacers = new Map<string, Pacer>();
  readonly #defaultQueue = new DefaultQueueName();

  constructor({ token, ...options }: StacksApiOptions) {
    this.#token = token;
    this.#options = options;
  }

  /** Makes the stack known, or brings it up to date; once before any other call. 403: too many stacks. */
  async register(
    stack: { key: string; queue: string; metadata?: Readonly<Record<string, string>> },
    signal?: AbortSignal,
  ): Promise<void> {
    const { key, queue, metadata = {} } = stack;
    checkKey(key);
    const known = { key, type: 'custom', metadata: cutMetadata(metadata) };
    await this.#defaultQueue.try(queue, (queue_key) =>
      this.#make(
        key,
        {
          name: 'StackRegister',
          method: 'POST',
          path: 'register',
          json: { ...known, queue_key },
          read: nothing,
        },
        signal,
      ),
    );
  }

  /**
   * One page of the jobs that wait in a queue, which are not reserved. To be asked at least every 30 s, or Buildkite
   * shows the queue as disconnected. New jobs can come behind the cursor: begin anew each time, after reserving.
   */
  scheduledJobs(
    key: string,
    page: { queue: string; limit?: number; after?: string | undefined },
    signal?: AbortSignal,
  ): Promise<ScheduledJobs> {
    const limit = Math.min(page.limit ?? stackLimits.jobs, stackLimits.jobs);
    return this.#defaultQueue.try(page.queue, (queue_key) =>
      this.#make(
        key,
        {
          name: 'StackScheduledJobs',
          method: 'GET',
          path: `${segment(key)}/scheduled-jobs`,
          query: { queue_key, limit, after: page.after },
          read: as(scheduledJobsSchema, 'StackScheduledJobs'),
        },
        signal,
      ),
    );
  }

  /** The pages of {@link scheduledJobs}, `most` of them at most. */
  async *scheduledPages(
    key: string,
    from: { queue: string; limit?: number; most: number },
    signal?: AbortSignal,
  ): AsyncGenerator<ScheduledJobs> {
    let after: string | undefined;
    for (let page = 0; page < from.most; page++) {
      const found = await this.scheduledJobs(key, { ...from, after }, signal);
      yield found;
      if (found.next === undefined || found.next === after) return;
      after = found.next;
    }
  }

  /**
   * Reserves jobs for this stack, or those that it has for longer. Only what is `reserved` may be run; the rest is
   * another's, or waits no more. `seconds`: 900 unless given, 3,600 at most.
   */
  async reserve(
    key: string,
    jobIds: readonly string[],
    options: { seconds?: number } = {},
    signal?: AbortSignal,
  ): Promise<{ reserved: string[]; notReserved: string[] }> {
    const all: { reserved: string[]; notReserved: string[] } = { reserved: [], notReserved: [] };
    const seconds = expiryOf(options.seconds);
    for (const job_uuids of inBatches(jobIds, stackLimits.jobs)) {
      const answer = await this.#make(
        key,
        {
          name: 'StackBatchReserve',
          method: 'PUT',
          path: `${segment(key)}/scheduled-jobs/batch-reserve`,
          json: { job_uuids, ...seconds },
          read: as(reservedSchema, 'StackBatchReserve'),
        },
        signal,
      );
      all.reserved.push(...answer.reserved);
      all.notReserved.push(...answer.not_reserved);
    }
    return all;
  }

  /** A job's environment and command. */
  async job(key: string, jobId: string, signal?: AbortSignal): Promise<StackJob> {
    return this.#make(
      key,
      {
        name: 'StackGetJob',
        method: 'GET',
        path: `${segment(key)}/jobs/${segment(jobId)}`,
        read: as(stackJobSchema, 'StackGetJob'),
      },
      signal,
    );
  }

  /** The states of jobs, by their ids; a job that is unknown has none. */
  async states(
    key: string,
    jobIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<Map<string, string>> {
    const all = new Map<string, string>();
    for (const job_uuids of inBatches(jobIds, stackLimits.jobs)) {
      const { states } = await this.#make(
        key,
        {
          name: 'StackGetStates',
          method: 'POST',
          path: `${segment(key)}/jobs/get-states`,
          json: { job_uuids },
          read: as(statesSchema, 'StackGetStates'),
        },
        signal,
      );
      for (const [id, state] of Object.entries(states)) all.set(id, state);
    }
    return all;
  }

  /** Ends a job that no agent has begun, once. `detail` is shown to people, and cut at 4 KB. */
  async finish(
    key: string,
    jobId: string,
    finish: { exitStatus: number; detail: string },
    signal?: AbortSignal,
  ): Promise<void> {
    const detail = cutToBytes(finish.detail, stackLimits.finishDetailBytes);
    await this.#make(
      key,
      {
        name: 'StackFinishJob',
        method: 'POST',
        path: `${segment(key)}/jobs/${segment(jobId)}/finish`,
        json: { exit_status: finish.exitStatus, detail },
        read: nothing,
      },
      signal,
    );
  }

  /** Shows lines at jobs, a hundred a job at most; what is returned was refused. */
  async notify(
    key: string,
    notifications: readonly StackNotification[],
    signal?: AbortSignal,
  ): Promise<RefusedNotification[]> {
    const refused: RefusedNotification[] = [];
    for (const batch of inBatches(notifications, stackLimits.notifications)) {
      const { errors } = await this.#make(
        key,
        {
          name: 'StackNotifications',
          method: 'POST',
          path: `${segment(key)}/notifications`,
          json: { notifications: batch.map(notificationBody) },
          read: as(refusalsSchema, 'StackNotifications'),
        },
        signal,
      );
      refused.push(...refusedOf(errors, batch));
    }
    return refused;
  }

  /** Gives the stack's place back. One that is gone already is no error. */
  async deregister(key: string, signal?: AbortSignal): Promise<void> {
    try {
      await this.#make(
        key,
        {
          name: 'StackDeregister',
          method: 'POST',
          path: `${segment(key)}/deregister`,
          read: nothing,
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof BuildkiteError && error.status === 404)) throw error;
    }
  }

  #make<T>(key: string, call: StackCall<T>, signal: AbortSignal | undefined): Promise<T> {
    const { name, method, path, query, json, read } = call;
    const pacer = name === 'StackRegister' ? undefined : this.#pacerOf(key, name);
    const http: HttpCall = {
      method,
      endpoint: this.#options.endpoint,
      path: `stacks/${path}`,
      token: this.#token,
      ...(query === undefined ? {} : { query }),
      ...(json === undefined ? {} : { json }),
    };
    return make(
      {
        name,
        policy: retryPolicies.stacks,
        call: async () => {
          await pacer?.take();
          return http;
        },
        read: (answer) => {
          pacer?.succeeded();
          return read(answer);
        },
      },
      {
        ...this.#options,
        onRetry: (retry) => {
          if (retry.error.status === 429) pacer?.throttled();
          this.#options.onRetry?.(retry);
        },
      },
      signal,
    );
  }

  #pacerOf(key: string, name: PacedCall): Pacer {
    const id = `${name}/${key}`;
    const pacer = this.#pacers.get(id) ?? new Pacer(paceOf(stackRates[name]));
    this.#pacers.set(id, pacer);
    return pacer;
  }
}
