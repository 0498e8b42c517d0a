import { z } from 'zod';
import { durationOfAtLeast } from '../duration-schema.js';

const roleTemplate = /^arn:aws[a-z-]*:iam::(?:\d{12}|\{accountId\}):role\/[\w+=,.@/-]+$/;

const passes = z
  .number({ error: 'must be a whole number of passes, 1 or more' })
  .int({ error: 'must be a whole number of passes, 1 or more' })
  .min(1, { error: 'must be a whole number of passes, 1 or more' });
const after = z.array(z.string(), { error: 'must be a list of names of policies' });

/** Keys of `metadata.nightshift` that every policy may have. */
const commonOptions = {
  /** Most look-and-delete rounds of a run; a round that makes no progress is the last anyway. */
  passes: passes.default(4),
  /** Names of policies that must be done before this one starts. */
  after: after.default([]),
};

/** `metadata.nightshift` of an `aws.cfn` policy. */
export const stackOptionsSchema = z.strictObject({
  ...commonOptions,
  /** What to do about a stack whose termination protection is on. Default: as `delete.force` says, else skip. */
  terminationProtection: z.enum(['skip', 'disable']).optional(),
  /** What to do when a bucket of a stack is not empty: report it, empty it, or leave it behind. */
  nonEmptyBuckets: z.enum(['fail', 'empty', 'retain']).default('fail'),
  /** What may be done about a stack that stays DELETE_FAILED. `retain` and `force` leave orphans. */
  lastResort: z.enum(['none', 'retain', 'force']).default('none'),
  /** What to do about selected stacks that come up during a run. Default: as `cleanup.newStacks` says. */
  newStacks: z.enum(['leave', 'next-pass']).optional(),
  /** Role to delete with when the role that a stack was created with is gone. */
  deleteRole: z
    .string({ error: roleError() })
    .regex(roleTemplate, { error: roleError() })
    .optional(),
  /** How long one delete may take before it counts as failed. */
  deleteTimeout: durationOfAtLeast('1s').optional(),
});

/** `metadata.nightshift` of an `aws.s3` or `aws.rds-snapshot` policy. */
export const resourceOptionsSchema = z.strictObject(commonOptions);

/** `metadata.nightshift`, whatever the resource: for editors. */
export const nightshiftOptionsSchema = stackOptionsSchema;

/** The options of a policy with all defaults in place. Those of stacks are unused for others. */
export const policyOptionsSchema = stackOptionsSchema
  .required({ terminationProtection: true })
  .describe('resolved options of a policy');
export type NightshiftPolicyOptions = z.infer<typeof policyOptionsSchema>;

function roleError(): string {
  return 'must be the ARN of a role, in which {accountId} may stand for the account: arn:aws:iam::{accountId}:role/name';
}
