import { z } from 'zod';
import { jobEnvSchema, optionalText } from './job.js';

/** What is known of a job that waits, without its environment. */
export interface ScheduledJob {
  /** UUID. */
  id: string;
  /** Higher goes first. */
  priority: number;
  /** `queue=default` and the like, in no order. */
  queryRules: string[];
  /** ISO 8601. */
  scheduledAt?: string | undefined;
  pipeline?: string | undefined;
  buildNumber?: number | undefined;
  branch?: string | undefined;
  stepKey?: string | undefined;
}

/** One page of a queue's waiting jobs, the oldest first. */
export interface ScheduledJobs {
  jobs: ScheduledJob[];
  /** A person has paused the queue: no job may be begun. */
  paused: boolean;
  /** Where the next page begins; absent on the last. */
  next?: string;
}

const scheduledJobSchema = z
  .object({
    id: z.string().min(1),
    priority: z.number().nullish(),
    agent_query_rules: z.array(z.string()).nullish(),
    scheduled_at: optionalText,
    pipeline: z.object({ slug: optionalText }).nullish(),
    build: z.object({ number: z.number().nullish(), branch: optionalText }).nullish(),
    step: z.object({ key: optionalText }).nullish(),
  })
  .transform((job): ScheduledJob => ({
    id: job.id,
    priority: job.priority ?? 0,
    queryRules: job.agent_query_rules ?? [],
    scheduledAt: job.scheduled_at,
    pipeline: job.pipeline?.slug,
    buildNumber: job.build?.number ?? undefined,
    branch: job.build?.branch,
    stepKey: job.step?.key,
  }));

export const scheduledJobsSchema = z
  .object({
    jobs: z.array(scheduledJobSchema).nullish(),
    page_info: z
      .object({ has_next_page: z.boolean().nullish(), end_cursor: optionalText })
      .nullish(),
    // The documentation says dispatch_paused, Buildkite's Go client paused.
    cluster_queue: z
      .object({ dispatch_paused: z.boolean().nullish(), paused: z.boolean().nullish() })
      .nullish(),
  })
  .transform(({ jobs, page_info, cluster_queue }): ScheduledJobs => {
    const next = page_info?.has_next_page === true ? page_info.end_cursor : undefined;
    return {
      jobs: jobs ?? [],
      paused: cluster_queue?.dispatch_paused === true || cluster_queue?.paused === true,
      ...(next === undefined ? {} : { next }),
    };
  });

const idsSchema = z
  .array(z.string())
  .nullish()
  .transform((ids) => ids ?? []);

export const reservedSchema = z.object({ reserved: idsSchema, not_reserved: idsSchema });

export const statesSchema = z.object({ states: z.record(z.string(), z.string()) });

export const stackJobSchema = z
  .object({ id: z.string().min(1), env: jobEnvSchema, command: optionalText })
  .transform(({ id, env, command }): StackJob => ({
    id,
    env,
    ...(command === undefined ? {} : { command }),
  }));

/** A job with all that is needed to decide where it runs. */
export interface StackJob {
  id: string;
  env: Record<string, string>;
  command?: string;
}

export const refusalsSchema = z.object({
  errors: z
    .array(z.object({ error: z.string(), indexes: z.array(z.number().int().nonnegative()) }))
    .nullish()
    .transform((errors) => errors ?? []),
});
