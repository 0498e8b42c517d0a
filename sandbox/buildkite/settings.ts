import { z } from 'zod';
import { defaultRates, rateScopes } from './rates.js';

const tag = z.string().regex(/^[^=\s]+=\S+$/, 'an agent tag looks like os=linux');
const seconds = z.number().positive();

/** A command job that waits for an agent. */
export const buildkiteJobSchema = z.strictObject({
  /** Made up, the same each time for the same fleet, when not given. */
  uuid: z.uuid().optional(),
  queue: z.string().min(1).default('default'),
  command: z.string().default('true'),
  /** Variables besides those that Buildkite sets; they win. */
  env: z.record(z.string(), z.string()).default({}),
  /** Query rules besides `queue=<queue>`. */
  tags: z.array(tag).default([]),
  /** Higher ones are given out first. */
  priority: z.number().int().default(0),
  /** Sandbox seconds after its start when it times out; never when not given. */
  timeoutSeconds: seconds.optional(),
  label: z.string().optional(),
  /** How often it is run again, as a new job, when it ends with exit status -1, as when its agent is lost. */
  retries: z.number().int().min(0).max(10).default(0),
});
export type BuildkiteJobSpec = z.infer<typeof buildkiteJobSchema>;
export type BuildkiteJobInput = z.input<typeof buildkiteJobSchema>;

/** Agents take no other headers from Buildkite (buildkite/agent, `setRequestHeadersFromMap`). */
function checkHeaders(headers: Record<string, string>, context: z.RefinementCtx): void {
  for (const name of Object.keys(headers))
    if (!/^Buildkite-[\w-]+$/.test(name))
      context.addIssue({
        code: 'custom',
        path: [name],
        message: 'a header that agents keep begins with Buildkite-',
      });
}

interface Jobs {
  queues?: string[] | undefined;
  jobs: BuildkiteJobSpec[];
}

function checkJobs({ queues, jobs }: Jobs, context: z.RefinementCtx): void {
  const seen = new Set<string>();
  jobs.forEach(({ uuid, queue }, index) => {
    const issue = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: ['jobs', index, key], message });
    if (uuid !== undefined && seen.has(uuid)) issue('uuid', `job ${uuid} is there twice`);
    if (uuid !== undefined) seen.add(uuid);
    if (queues && !queues.includes(queue))
      issue('queue', `no queue "${queue}"; the cluster has ${queues.join(', ')}`);
  });
}

/** The Buildkite of the sandbox: one organization with one cluster. All seconds are sandbox time. */
export const buildkiteSettingsSchema = z
  .strictObject({
    /** Agent token of the cluster: registers agents and stacks. */
    token: z.string().min(1).default('agent-token'),
    /** Queues of the cluster; any queue exists when not given. */
    queues: z.array(z.string().min(1)).optional(),
    /** What register tells agents, in seconds. */
    heartbeatInterval: z.number().int().positive().default(60),
    pingInterval: z.number().int().positive().default(1),
    jobStatusInterval: z.number().int().positive().default(1),
    /** An agent that was not heard of for so long is lost. */
    lostAfterSeconds: seconds.default(180),
    /** The job of an agent that was not heard of for so long has ended, with exit status -1. */
    giveAwayAfterSeconds: seconds.default(240),
    /** A job that was assigned by a ping goes back when it isn't accepted within this. */
    acceptWithinSeconds: seconds.default(60),
    /** Most bytes of log, uncompressed, in a chunk. */
    chunkBytes: z.number().int().positive().default(102_400),
    chunksIntervalSeconds: z.number().int().positive().default(1),
    /** Most bytes of log, uncompressed, of a job. */
    logMaxBytes: z.number().int().positive().default(1_073_741_824),
    /** Jobs have a token of their own, which start, chunks, finish and state need. */
    jobTokens: z.boolean().default(false),
    /** Headers that register hands out, and that every later call of the agent has to send. */
    requestHeaders: z.record(z.string(), z.string()).superRefine(checkHeaders).default({}),
    /** What a read of the state of a job says that is being cancelled, or was. */
    cancelAnswers: z.enum(['state', '401']).default('state'),
    /** Stacks that can be registered at a time; without a limit when not given. */
    maxStacks: z.number().int().positive().optional(),
    /** Calls of the Stacks API a second, by scope, where they differ from Buildkite's. */
    rateLimits: z
      .partialRecord(z.enum(rateScopes), z.number().int().positive())
      .default({})
      .transform((given) => ({ ...defaultRates, ...given })),
    jobs: z.array(buildkiteJobSchema).default([]),
  })
  .superRefine(checkJobs);
export type BuildkiteSettings = z.infer<typeof buildkiteSettingsSchema>;
