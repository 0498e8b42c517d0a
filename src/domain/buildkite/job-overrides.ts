import { z } from 'zod';
import {
  type BuildOverrides,
  computeTypeSchema,
  imageSchema,
  projectNameSchema,
} from '../builds/overrides.js';

/** What a job may have otherwise than its queue, by variables of its environment. */
export interface JobOverrides {
  project: string;
  overrides: BuildOverrides;
  /** One line for each value that is not allowed: which, and what is. */
  problems: string[];
}

const truthSchema = z
  .string()
  .regex(/^(true|false)$/i, { error: 'must be true or false' })
  .transform((value) => value.toLowerCase() === 'true');

/**
 * Reads `CB_PROJECT_NAME`, `CB_IMAGE_OVERRIDE`, `CB_COMPUTE_TYPE_OVERRIDE` and `CB_PRIVILEGED_MODE_OVERRIDE`, as
 * buildkite-serverless-agent had them. One that is empty counts as not given.
 */
export function jobOverrides(
  env: Readonly<Record<string, string>>,
  queue: { project: string; projects?: readonly string[] | undefined; overrides: BuildOverrides },
): JobOverrides {
  const problems: string[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>): T | undefined => {
    const value = env[name]?.trim();
    if (value === undefined || value === '') return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    problems.push(`${name}="${value}" is not allowed: ${parsed.error.issues[0]?.message ?? ''}`);
    return undefined;
  };
  const project = read('CB_PROJECT_NAME', projectSchema(queue)) ?? queue.project;
  const image = read('CB_IMAGE_OVERRIDE', imageSchema);
  const computeType = read('CB_COMPUTE_TYPE_OVERRIDE', computeTypeSchema);
  const privileged = read('CB_PRIVILEGED_MODE_OVERRIDE', truthSchema);
  return {
    project,
    problems,
    overrides: {
      ...queue.overrides,
      ...(image === undefined ? {} : { image }),
      ...(computeType === undefined ? {} : { computeType }),
      ...(privileged === undefined ? {} : { privileged }),
    },
  };
}

function projectSchema({
  project,
  projects,
}: {
  project: string;
  projects?: readonly string[] | undefined;
}) {
  if (!projects) return projectNameSchema;
  const allowed = [project, ...projects];
  return z.enum(allowed, { error: `must be one of ${allowed.join(', ')}` });
}
