import { z } from 'zod';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** A pipeline. Times are ISO 8601. */
export interface Pipeline {
  id: number;
  projectId: number;
  /** As `running`, `success`, `manual`: see {@link isOver}. */
  status: string;
  ref: string;
  /** As `api`, `trigger`, `parent_pipeline`. */
  source?: string | undefined;
  webUrl?: string | undefined;
  createdAt?: string | undefined;
  updatedAt?: string | undefined;
}

export const pipelineSchema = z
  .object({
    id: z.number().int(),
    project_id: z.number().int(),
    status: z.string(),
    ref: z.string(),
    source: text,
    web_url: text,
    created_at: text,
    updated_at: text,
  })
  .transform((pipeline): Pipeline => ({
    id: pipeline.id,
    projectId: pipeline.project_id,
    status: pipeline.status,
    ref: pipeline.ref,
    source: pipeline.source,
    webUrl: pipeline.web_url,
    createdAt: pipeline.created_at,
    updatedAt: pipeline.updated_at,
  }));

const jobFields = {
  id: z.number().int(),
  name: z.string(),
  stage: z.string(),
  status: z.string(),
  allow_failure: z.boolean().default(false),
  failure_reason: text,
  web_url: text,
  started_at: text,
  finished_at: text,
};
const rawJobSchema = z.object(jobFields);

/** One run of a job. Times are ISO 8601. */
export interface Job {
  id: number;
  name: string;
  stage: string;
  status: string;
  /** Its failure doesn't fail the pipeline; a manual one doesn't block it. */
  allowFailure: boolean;
  /** As `script_failure`. */
  failureReason?: string | undefined;
  webUrl?: string | undefined;
  startedAt?: string | undefined;
  finishedAt?: string | undefined;
}

function jobOf(job: z.infer<typeof rawJobSchema>): Job {
  return {
    id: job.id,
    name: job.name,
    stage: job.stage,
    status: job.status,
    allowFailure: job.allow_failure,
    failureReason: job.failure_reason,
    webUrl: job.web_url,
    startedAt: job.started_at,
    finishedAt: job.finished_at,
  };
}

export const jobSchema = rawJobSchema.transform(jobOf);

/** The job that starts another pipeline, a child's or another project's. */
export interface Bridge extends Job {
  /** Absent until it is there, and where it couldn't be created. */
  downstream?: Pipeline | undefined;
}

export const bridgeSchema = z
  .object({ ...jobFields, downstream_pipeline: pipelineSchema.nullish() })
  .transform((bridge): Bridge => ({
    ...jobOf(bridge),
    downstream: bridge.downstream_pipeline ?? undefined,
  }));

export const variablesSchema = z.object({ key: z.string(), value: z.string() });

/** A secure file, without its content. */
export interface SecureFile {
  id: number;
  name: string;
  /** Of its content, hexadecimal. */
  sha256: string;
}

export const secureFileSchema = z
  .object({
    id: z.number().int(),
    name: z.string(),
    checksum: z.string(),
    checksum_algorithm: z.literal('sha256'),
  })
  .transform(({ id, name, checksum }): SecureFile => ({ id, name, sha256: checksum }));

const over: ReadonlySet<string> = new Set(['success', 'failed', 'canceled', 'skipped']);

/** Whether a pipeline or a job of this status has come to its end. `manual` hasn't: it waits for a person. */
export function isOver(status: string): boolean {
  return over.has(status);
}
