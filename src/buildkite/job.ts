import { z } from 'zod';

/** A number that a server may leave out or send as null. */
export function positiveOr(fallback: number) {
  return z
    .number()
    .nullish()
    .transform((value) => (value === undefined || value === null || value <= 0 ? fallback : value));
}

export const optionalText = z
  .string()
  .nullish()
  .transform((value) => (value === null || value === '' ? undefined : value));

/** Variables, each as text; those that are null are left out. */
export const jobEnvSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .nullish()
  .transform((env) =>
    Object.fromEntries(
      Object.entries(env ?? {}).flatMap(([name, value]) =>
        value === null ? [] : [[name, String(value)]],
      ),
    ),
  );

/** A job as Buildkite hands it to the agent that runs it. */
export interface Job {
  /** UUID. */
  id: string;
  /** As `assigned`, `accepted`, `running`. */
  state?: string | undefined;
  env: Record<string, string>;
  /** Uncompressed bytes of a chunk of log, at most. */
  chunksMaxBytes: number;
  /** How often chunks are sent, in milliseconds. */
  chunksInterval: number;
  /** Uncompressed bytes of the whole log, at most. */
  logMaxBytes: number;
  /** The job's own token, which stands for the session's in all calls about this job. Secret. */
  token?: string | undefined;
}

/** A job as it stands in an answer. */
export const jobAnswerSchema = z
  .object({
    id: z.string().min(1),
    state: optionalText,
    env: jobEnvSchema,
    chunks_max_size_bytes: positiveOr(102_400),
    chunks_interval_seconds: positiveOr(1),
    log_max_size_bytes: positiveOr(1024 ** 3),
    token: optionalText,
  })
  .transform((job): Job => ({
    id: job.id,
    ...(job.state === undefined ? {} : { state: job.state }),
    env: job.env,
    chunksMaxBytes: job.chunks_max_size_bytes,
    chunksInterval: job.chunks_interval_seconds * 1000,
    logMaxBytes: job.log_max_size_bytes,
    ...(job.token === undefined ? {} : { token: job.token }),
  }));

/** A job as it was read, when it comes from where it was kept. */
export const jobSchema: z.ZodType<Job> = z.object({
  id: z.string().min(1),
  state: z.string().optional(),
  env: z.record(z.string(), z.string()),
  chunksMaxBytes: z.number().positive(),
  chunksInterval: z.number().positive(),
  logMaxBytes: z.number().positive(),
  token: z.string().optional(),
});

/** What is needed to speak of a job: a {@link Job} will do. */
export interface JobAccess {
  id: string;
  token?: string | undefined;
}
