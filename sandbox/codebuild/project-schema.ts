import { z } from 'zod';
import { artifactsSchema } from './artifacts/schema.js';
import { behaviourSchema } from './behaviour.js';
import { computeTypes, environmentTypes } from './environment.js';
import { projectImageSchema } from './image/schema.js';
import { queuedTimeoutMinutes, timeoutMinutes } from './limits.js';

/** A variable: its text, or the name of what holds it. */
const variableSchema = z.union([
  z.string(),
  z.strictObject({ ssm: z.string().min(1) }),
  z.strictObject({ secret: z.string().min(1) }),
]);

const projectShape = {
  account: z.string(),
  region: z.string(),
  /** "the name of the project … must be 2-150 characters" (API, CreateProject). */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/, 'a project name is 2 to 150 letters, digits, _, -'),
  description: z.string().optional(),
  environment: z
    .strictObject({
      image: z.string().min(1).default('aws/codebuild/standard:7.0'),
      computeType: z.enum(computeTypes).default('BUILD_GENERAL1_SMALL'),
      type: z.enum(environmentTypes).default('LINUX_CONTAINER'),
      privileged: z.boolean().default(false),
    })
    .prefault({}),
  /** ARN; made up from the name when not given. */
  serviceRole: z.string().optional(),
  /** YAML, or the path of a file in a source that the sandbox doesn't have. */
  buildspec: z.string().optional(),
  env: z.record(z.string().min(1), variableSchema).default({}),
  concurrentBuildLimit: z.number().int().positive().optional(),
  /** How often CodeBuild itself starts a build again that failed. */
  autoRetryLimit: z.number().int().min(0).default(0),
  timeoutMinutes: z.number().int().min(timeoutMinutes.min).max(timeoutMinutes.max).default(60),
  queuedTimeoutMinutes: z
    .number()
    .int()
    .min(queuedTimeoutMinutes.min)
    .max(queuedTimeoutMinutes.max)
    .default(480),
  logs: z
    .strictObject({
      status: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
      /** `/aws/codebuild/<name>` unless given. */
      group: z.string().min(1).optional(),
    })
    .prefault({}),
  tags: z.record(z.string(), z.string()).default({}),
  behaviour: behaviourSchema.optional(),
  /** Where what its builds leave goes; nowhere unless given. Builds that really run leave nothing. */
  artifacts: artifactsSchema.optional(),
  /** Its builds run Packer: each makes a machine image. */
  image: projectImageSchema.optional(),
  /** Whether the commands of its builds really run; as `codebuild.execute` unless given. */
  execute: z.boolean().optional(),
};

/** A CodeBuild project of the fleet, with the account (id or name) and region that it is in. */
export const placedProjectSchema = z
  .strictObject(projectShape)
  .check(({ value: { image, artifacts, execute }, issues }) => {
    if (!image) return;
    const issue = (path: string[], message: string) =>
      issues.push({ code: 'custom', message, path, input: image });
    if ((image.output === 'artifact' || image.output === 'both') && !artifacts)
      issue(['image', 'output'], `${image.output} needs artifacts: { bucket }`);
    if (execute)
      issue(['image'], 'builds whose commands really run make what those make: leave it out');
  });
export type PlacedProject = z.infer<typeof placedProjectSchema>;
export type PlacedProjectInput = z.input<typeof placedProjectSchema>;
export type ProjectSpec = Omit<PlacedProject, 'account' | 'region'>;
