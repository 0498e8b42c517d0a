import { z } from 'zod';
import { buildOverridesShape, projectNameSchema } from '../builds/overrides.js';
import { infrastructureRetrySchema } from '../builds/retry-schema.js';
import { durationFromTo } from '../duration-schema.js';
import {
  httpUrl,
  listOf,
  regionNameSchema,
  ssmParameterSchema,
  text,
  textLike,
  wholeNumber,
} from './fields.js';

const queueNameSchema = textLike(
  /^\w[\w.-]{0,99}$/,
  'the key of a queue: letters, digits and . _ -',
);

const tagSchema = textLike(
  /^(?!queue=)[^=\s]+=[^\s]+$/,
  'an agent tag other than queue=…, such as os=linux',
);

const { sourceVersion: _sourceVersion, ...overrides } = buildOverridesShape;

/** One queue of Buildkite, and the CodeBuild project that runs its jobs. */
const queueSchema = z.strictObject({
  queue: queueNameSchema.describe('Key of the queue: jobs with `queue=<key>`.'),
  tags: listOf(tagSchema, 'agent tags').optional().describe('Further agent tags, as `key=value`.'),
  account: text('an account name or id').describe('Account of the CodeBuild project: name or id.'),
  region: regionNameSchema.describe('Region of the CodeBuild project.'),
  project: projectNameSchema.describe('The CodeBuild project that runs the jobs.'),
  concurrency: wholeNumber(1, 1000).default(10).describe('Jobs that run at the same time.'),
  ahead: wholeNumber(0, 1000)
    .optional()
    .describe(
      'Jobs that are reserved while all slots are taken (intake stacks only); as many as run at once when absent.',
    ),
  projects: listOf(projectNameSchema, 'CodeBuild projects')
    .optional()
    .describe(
      'Projects that a job may name in CB_PROJECT_NAME besides that of the queue; any when absent.',
    ),
  ...overrides,
  retry: infrastructureRetrySchema
    .optional()
    .describe('What is done when CodeBuild itself fails; a job’s command is never run again.'),
});
export type BuildkiteQueue = z.infer<typeof queueSchema>;

const tokenError =
  'must name the SSM parameter that holds the agent token, as { ssm: /dev/1/buildkite-agent-key }; the token itself is a secret and does not belong in a file';

/** Buildkite jobs that run as CodeBuild builds. */
export const buildkiteSchema = z.strictObject({
  endpoint: httpUrl('the URL of an agent API')
    .default('https://agent-edge.buildkite.com/v3')
    .describe('The agent API.'),
  token: z
    .strictObject(
      {
        ssm: ssmParameterSchema.describe(
          'SSM SecureString in the management account that holds the agent token of the cluster.',
        ),
        region: regionNameSchema
          .optional()
          .describe('Region of the parameter; that of the base credentials when absent.'),
      },
      { error: (issue) => (issue.code === 'invalid_type' ? tokenError : undefined) },
    )
    .describe('Where the agent token is.'),
  intake: z
    .enum(['agent', 'stacks'])
    .default('agent')
    .describe(
      'How jobs are found: agent registers and pings as any agent does; stacks reserves jobs of the whole queue through the Stacks API.',
    ),
  stackKey: textLike(/^[\w-]{1,60}$/, 'up to 60 letters, digits, _ and -')
    .default('nightshift')
    .describe('Key of the stack, for the intake stacks; each queue adds its own name.'),
  reservation: durationFromTo('1s', '1h')
    .default('15m')
    .describe('How long a job is reserved; extended while it waits for a free slot. At most 1h.'),
  queues: listOf(queueSchema, 'queues (queue, account, region and project of each)')
    .superRefine((queues, context) => {
      queues.forEach(({ queue }, index) => {
        const first = queues.findIndex((other) => other.queue === queue);
        if (first === index) return;
        context.addIssue({
          code: 'custom',
          path: [index, 'queue'],
          message: `must be unique; queues[${first}] has this key too`,
        });
      });
    })
    .describe('The queues, and the CodeBuild project that runs the jobs of each.'),
});
export type BuildkiteSettings = z.infer<typeof buildkiteSchema>;
