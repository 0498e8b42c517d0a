import { z } from 'zod';
import { durationPattern, parseDuration } from '../duration.js';
import { text, textLike } from '../config/fields.js';

/** Environment types of CodeBuild that a project's own may be replaced by. */
export const environmentTypes = [
  'LINUX_CONTAINER',
  'LINUX_GPU_CONTAINER',
  'ARM_CONTAINER',
  'WINDOWS_CONTAINER',
  'WINDOWS_SERVER_2019_CONTAINER',
  'WINDOWS_SERVER_2022_CONTAINER',
  'LINUX_LAMBDA_CONTAINER',
  'ARM_LAMBDA_CONTAINER',
  'LINUX_EC2',
  'ARM_EC2',
  'WINDOWS_EC2',
  'MAC_ARM',
] as const;

/** Compute types as of 2026; AWS adds one now and then, so that the form is what is checked. */
export const computeTypeExamples = [
  'BUILD_GENERAL1_SMALL',
  'BUILD_GENERAL1_MEDIUM',
  'BUILD_GENERAL1_LARGE',
  'BUILD_GENERAL1_XLARGE',
  'BUILD_GENERAL1_2XLARGE',
] as const;

export const computeTypeSchema = textLike(
  /^(BUILD_GENERAL1_(SMALL|MEDIUM|LARGE|XLARGE|2XLARGE)|BUILD_LAMBDA_(1|2|4|8|10)GB|ATTRIBUTE_BASED_COMPUTE|CUSTOM_INSTANCE_TYPE)$/,
  `a compute type of CodeBuild: ${computeTypeExamples.join(', ')}, BUILD_LAMBDA_1GB (2GB, 4GB, 8GB, 10GB), ATTRIBUTE_BASED_COMPUTE or CUSTOM_INSTANCE_TYPE`,
);

export const imageSchema = textLike(
  /^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/,
  'the name of an image, such as aws/codebuild/standard:7.0 or 111111111111.dkr.ecr.us-east-1.amazonaws.com/build:1',
);

/** Name of a CodeBuild project: the letters that AWS allows. */
export const projectNameSchema = z
  .string({ error: 'must be the name of a CodeBuild project' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/, {
    error: 'must be the name of a CodeBuild project: 2 to 150 letters, digits, _ and -',
  });

/**
 * Whose credentials pull an image. CodeBuild's own images need its own, images in ECR those of the build's role; what
 * a project says of others stays (API reference of StartBuild, imagePullCredentialsTypeOverride).
 */
export function imagePullCredentials(image: string): 'CODEBUILD' | 'SERVICE_ROLE' | undefined {
  if (image.startsWith('aws/codebuild/')) return 'CODEBUILD';
  return /^\d{12}\.dkr\.ecr\./.test(image) ? 'SERVICE_ROLE' : undefined;
}

const booleanError = 'must be true or false';

/** A time limit within CodeBuild's own bounds, in whole minutes, as CodeBuild counts. */
function limit(least: string, most: string) {
  const error = `must be a duration in whole minutes, from ${least} to ${most}`;
  return z
    .string({ error })
    .regex(durationPattern, { error })
    .refine(
      (value) => {
        if (!durationPattern.test(value)) return true;
        const length = parseDuration(value);
        const isWhole = length % 60_000 === 0;
        return isWhole && length >= parseDuration(least) && length <= parseDuration(most);
      },
      { error },
    );
}

const variableNameSchema = textLike(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  'the name of an environment variable: letters, digits and _, not beginning with a digit',
);

/** A variable of a build: its text, or the name of what holds it. */
export const variableSchema = z.union(
  [
    z.string(),
    z.strictObject({
      ssm: text('the name of an SSM parameter').describe(
        'Name of the SSM parameter that holds the value (CodeBuild’s PARAMETER_STORE).',
      ),
    }),
    z.strictObject({
      secret: text('the name or ARN of a secret').describe(
        'Name or ARN of the secret that holds the value (CodeBuild’s SECRETS_MANAGER).',
      ),
    }),
  ],
  { error: 'must be text in quotes, { ssm: /name } or { secret: name }' },
);
export type Variable = z.infer<typeof variableSchema>;

/** What one build has otherwise than its project says. */
export const buildOverridesShape = {
  sourceVersion: text('a commit, branch, tag or S3 version')
    .optional()
    .describe('Commit, branch, tag, pull request or S3 version to build.'),
  image: imageSchema.optional().describe('Image to build in.'),
  computeType: computeTypeSchema.optional().describe('Compute type.'),
  privileged: z
    .boolean({ error: booleanError })
    .optional()
    .describe('Whether the build may run a Docker daemon.'),
  environmentType: z
    .enum(environmentTypes, { error: `must be one of ${environmentTypes.join(', ')}` })
    .optional()
    .describe('Environment type.'),
  buildspec: text('a buildspec')
    .optional()
    .describe('Buildspec: YAML, its path in the source, or the ARN of an S3 object.'),
  env: z
    .record(variableNameSchema, variableSchema)
    .optional()
    .describe('Environment variables: text, or { ssm: … } or { secret: … } for CodeBuild to read.'),
  timeout: limit('5m', '36h').optional().describe('How long the build may run.'),
  queuedTimeout: limit('5m', '8h').optional().describe('How long it may wait in the queue.'),
};

export const buildOverridesSchema = z.strictObject(buildOverridesShape);
export type BuildOverrides = z.infer<typeof buildOverridesSchema>;
