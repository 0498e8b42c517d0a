import { z } from 'zod';
import { itemKindSchema } from '../cleanup/plan.js';
import { filterSchema } from './filters/syntax.js';
import { policyOptionsSchema } from './options.js';

/** Custodian's `max-resources` and `max-resources-percent`: rails of one policy in one target. */
export const resourceLimitsSchema = z.strictObject({
  amount: z.number().int().positive().optional(),
  percent: z.number().min(0).max(100).optional(),
  /** Whether either limit stops the policy, or only both together. */
  op: z.enum(['or', 'and']),
});
export type ResourceLimits = z.infer<typeof resourceLimitsSchema>;

export const deleteActionSchema = z.strictObject({
  type: z.literal('delete'),
  /** `force` of aws.cfn: turn termination protection off where it is on. */
  force: z.boolean(),
  /** `remove-contents` of aws.s3. */
  removeContents: z.boolean(),
});
export type DeleteAction = z.infer<typeof deleteActionSchema>;

/** A policy, read and checked. It is JSON, so it can be the input of a workflow. */
export const policySchema = z.strictObject({
  name: z.string(),
  resource: itemKindSchema,
  description: z.string().optional(),
  /** All must hold. */
  filters: z.array(filterSchema),
  action: deleteActionSchema,
  limits: resourceLimitsSchema.optional(),
  options: policyOptionsSchema,
  /** The file it stands in. */
  source: z.string(),
});
export type Policy = z.infer<typeof policySchema>;
