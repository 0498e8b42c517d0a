import { z } from 'zod';
import { targetSchema } from '../target-schema.js';

export const itemKinds = ['stack', 'bucket', 'rds-snapshot'] as const;
export const itemKindSchema = z.enum(itemKinds);
export type ItemKind = z.infer<typeof itemKindSchema>;

/** Names something outside the plan: the importer that blocks a stack, say. */
export const referenceSchema = z.object({ id: z.string(), name: z.string() });
export type Reference = z.infer<typeof referenceSchema>;

export const decisions = ['delete', 'skip', 'blocked'] as const;

/** What a run would do with one selected resource, and why. */
export const planItemSchema = z.object({
  kind: itemKindSchema,
  /** StackId, bucket ARN or snapshot ARN: an identifier that is never reused, or the closest AWS has. */
  id: z.string(),
  name: z.string(),
  policy: z.string(),
  decision: z.enum(decisions),
  /** Why it is skipped or blocked; a note (say, a cycle) for one that is deleted. */
  reason: z.string().optional(),
  /** When it goes, from 0: all items of a wave could go at the same time. Only for `delete`. */
  wave: z.number().int().nonnegative().optional(),
  /** Ids of items that must be gone first: the stacks that import from this one. */
  dependents: z.array(z.string()).optional(),
  blockedBy: z.array(referenceSchema).optional(),
});
export type PlanItem = z.infer<typeof planItemSchema>;

export const targetErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
});
export type TargetError = z.infer<typeof targetErrorSchema>;

export const targetPlanSchema = targetSchema.extend({
  items: z.array(planItemSchema),
  /** Set when the target could not be inspected; `items` is empty then. */
  error: targetErrorSchema.optional(),
});
export type TargetPlan = z.infer<typeof targetPlanSchema>;

export const planTotalsSchema = z.object({
  delete: z.number().int(),
  skip: z.number().int(),
  blocked: z.number().int(),
});
export type PlanTotals = z.infer<typeof planTotalsSchema>;

/** A plan: what a run would do and why. This is what `nightshift cleanup plan --json` prints. */
export const planSchema = z.object({
  targets: z.array(targetPlanSchema),
  totals: planTotalsSchema,
  /** Names the plan: the same selection, decisions and order give the same hash. */
  planHash: z.string(),
  /** Why a run of this plan would be refused by its rails; absent when it would not be. */
  refusals: z.array(z.string()).optional(),
});
export type Plan = z.infer<typeof planSchema>;
