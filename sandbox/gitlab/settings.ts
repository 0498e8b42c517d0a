import { z } from 'zod';
import { behaviourSchema } from './pipelines/spec.js';

const secureFileSchema = z.strictObject({ name: z.string().min(1), content: z.string().min(1) });

const projectSchema = z.strictObject({
  id: z.number().int().positive(),
  /** With its groups: `platform/images`. */
  path: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/, 'a path looks like group/project'),
  defaultBranch: z.string().default('main'),
  /** Branches and tags besides the default one; others are refused. Any is there when not given. */
  refs: z.array(z.string()).optional(),
  secureFiles: z.array(secureFileSchema).default([]),
  /** A pipeline goes as the first of these says whose `when` it fits; without any there is no pipeline to create. */
  pipelines: z.array(behaviourSchema).default([]),
});
export type GitlabProjectSpec = z.infer<typeof projectSchema>;

function checkProjects(projects: readonly GitlabProjectSpec[], context: z.RefinementCtx): void {
  projects.forEach(({ id, path }, index) => {
    const earlier = projects.slice(0, index);
    const issue = (key: string, value: string | number) =>
      context.addIssue({
        code: 'custom',
        path: [index, key],
        message: `project ${value} is there twice`,
      });
    if (earlier.some((other) => other.id === id)) issue('id', id);
    if (earlier.some((other) => other.path === path)) issue('path', path);
  });
}

/** The GitLab of the sandbox. All seconds and minutes are sandbox time. */
export const gitlabSettingsSchema = z.strictObject({
  /** Access token that may do everything, in `PRIVATE-TOKEN` or as bearer. */
  token: z.string().min(1).default('gitlab-token'),
  /** Access token that may read only: what changes something is 403. */
  readToken: z.string().min(1).optional(),
  /** What `JOB-TOKEN` takes. */
  jobToken: z.string().min(1).optional(),
  /** What starts pipelines through `trigger/pipeline`, in every project. */
  triggerToken: z.string().min(1).optional(),
  projects: z.array(projectSchema).superRefine(checkProjects).default([]),
  /** Rows of a page where the request doesn't say; a request may ask for 100 at most. */
  perPage: z.number().int().min(1).max(100).default(20),
  /** Secure files of a project, and bytes of one. */
  secureFileLimit: z.number().int().positive().default(100),
  secureFileBytes: z.number().int().positive().default(5_242_880),
  /** Pipelines of a project and ref that may be created in a minute. */
  creationsPerMinute: z.number().int().positive().default(25),
  /** How one too many is refused: GitLab's pipeline chain gives a 400, its rate limiters a 429. */
  creationRefusal: z.union([z.literal(400), z.literal(429)]).default(400),
  /** Requests of all kinds in a minute; without a limit when not given. */
  requestsPerMinute: z.number().int().positive().optional(),
  /** Whether job logs are answered by range. GitLab always sends the whole. */
  traceRanges: z.boolean().default(false),
});
export type GitlabSettings = z.infer<typeof gitlabSettingsSchema>;
