import { z } from 'zod';
import { computeTypes, environmentTypes } from './environment.js';
import { queuedTimeoutMinutes, timeoutMinutes } from './limits.js';
import { variableTypes } from './variables.js';

const sourceTypes = [
  'CODECOMMIT',
  'CODEPIPELINE',
  'GITHUB',
  'GITLAB',
  'GITLAB_SELF_MANAGED',
  'S3',
  'BITBUCKET',
  'GITHUB_ENTERPRISE',
  'NO_SOURCE',
] as const;

const minutes = ({ min, max }: { min: number; max: number }) => z.number().int().min(min).max(max);

/** StartBuild's input: the project and the overrides that the sandbox keeps. Any other is refused by its name. */
export const startBuildSchema = z.strictObject({
  projectName: z.string().min(1),
  sourceVersion: z.string().optional(),
  sourceTypeOverride: z.enum(sourceTypes).optional(),
  sourceLocationOverride: z.string().optional(),
  gitCloneDepthOverride: z.number().int().min(0).optional(),
  buildspecOverride: z.string().optional(),
  environmentVariablesOverride: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        value: z.string(),
        type: z.enum(variableTypes).default('PLAINTEXT'),
      }),
    )
    .optional(),
  environmentTypeOverride: z.enum(environmentTypes).optional(),
  imageOverride: z.string().min(1).optional(),
  computeTypeOverride: z.enum(computeTypes).optional(),
  privilegedModeOverride: z.boolean().optional(),
  imagePullCredentialsTypeOverride: z.enum(['CODEBUILD', 'SERVICE_ROLE']).optional(),
  serviceRoleOverride: z.string().min(1).optional(),
  timeoutInMinutesOverride: minutes(timeoutMinutes).optional(),
  queuedTimeoutInMinutesOverride: minutes(queuedTimeoutMinutes).optional(),
  logsConfigOverride: z
    .strictObject({
      cloudWatchLogs: z
        .strictObject({
          status: z.enum(['ENABLED', 'DISABLED']),
          groupName: z.string().min(1).optional(),
          streamName: z.string().min(1).optional(),
        })
        .optional(),
    })
    .optional(),
  autoRetryLimitOverride: z.number().int().min(0).optional(),
  idempotencyToken: z.string().min(1).optional(),
});
export type StartBuildInput = z.infer<typeof startBuildSchema>;
