import { z } from 'zod';
import { durationOfAtLeast } from '../duration-schema.js';
import { wholeNumber } from './fields.js';

/** The AWS services that are paced, each for itself in each account and region. */
export const pacedServices = [
  'cloudformation',
  's3',
  'rds',
  'sts',
  'ssm',
  'ec2',
  'organizations',
  'codebuild',
  'logs',
  'imagebuilder',
] as const;
export type PacedService = (typeof pacedServices)[number];

const positive = 'must be a number above 0';

function rateSchema(service: string, perSecond: number) {
  return z
    .strictObject({
      perSecond: z
        .number({ error: positive })
        .positive({ error: positive })
        .default(perSecond)
        .describe('Calls per second that are kept up over time.'),
      burst: wholeNumber(1)
        .default(2 * perSecond)
        .describe('Calls that may go at once after a pause.'),
    })
    .prefault({})
    .describe(`Calls to ${service}, in each account and region.`);
}

/** How fast to go. Lower is gentler on the accounts' API limits, which their users share. */
export const paceSchema = z.strictObject({
  // A user was told that DescribeStacks is capped at 5/s and can't be raised (aws/aws-sam-cli#2671).
  cloudformation: rateSchema('CloudFormation', 5),
  s3: rateSchema('S3', 100),
  rds: rateSchema('RDS', 10),
  sts: rateSchema('STS', 10),
  ssm: rateSchema('SSM', 10),
  ec2: rateSchema('EC2', 10),
  organizations: rateSchema('Organizations', 10),
  // Its rates are not published.
  codebuild: rateSchema('CodeBuild', 10),
  // The oldest quota page says 10 GetLogEvents a second, newer ones 25 in most regions.
  logs: rateSchema('CloudWatch Logs', 10),
  imagebuilder: rateSchema('Image Builder', 10),
  pollInterval: durationOfAtLeast('10ms')
    .default('5s')
    .describe('How often a target with deletes in flight is looked at: one look for all of them.'),
  workerTimeout: durationOfAtLeast('1s')
    .default('30s')
    .describe(
      'How long a worker may be silent before another takes over what it was doing: what a crash of one costs.',
    ),
  targetsAtOnce: wholeNumber(1, 2000)
    .default(50)
    .describe('Targets (account × region) worked on at the same time in one run.'),
  deletesAtOnce: wholeNumber(1, 2000)
    .default(100)
    .describe('Deletes in flight at the same time in one target.'),
  retries: wholeNumber(0, 50)
    .default(8)
    .describe('How often one AWS call is tried again after throttling or a network failure.'),
  retryDelay: durationOfAtLeast('1ms')
    .default('500ms')
    .describe(
      'The wait before the first of these tries; it doubles each time, up to 20 s, less a random part.',
    ),
});
export type Pace = z.infer<typeof paceSchema>;

/** Of calls whose config says nothing of their pace. */
export const ordinaryPace = paceSchema.parse({});
