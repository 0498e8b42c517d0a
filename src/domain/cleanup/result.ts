import { z } from 'zod';
import { targetSchema } from '../target-schema.js';
import { planItemSchema, targetErrorSchema } from './plan.js';

export const outcomes = ['deleted', 'skipped', 'blocked', 'failed'] as const;
export const outcomeSchema = z.enum(outcomes);
export type Outcome = z.infer<typeof outcomeSchema>;

/** A CloudFormation event of a failed delete, trimmed to what explains it. */
export const stackEventSchema = z.object({
  time: z.string(),
  logicalId: z.string(),
  physicalId: z.string().optional(),
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
});
export type StackEvent = z.infer<typeof stackEventSchema>;

/** A resource left behind because the policy allowed retaining it or forcing the delete. */
export const orphanSchema = z.object({
  logicalId: z.string(),
  physicalId: z.string().optional(),
  type: z.string(),
  reason: z.string(),
});
export type Orphan = z.infer<typeof orphanSchema>;

/** What became of one selected resource. Times are ISO 8601 in UTC. */
export const resultItemSchema = planItemSchema.omit({ decision: true }).extend({
  outcome: outcomeSchema,
  /** Deletes sent, the repeats of one attempt not counted. */
  attempts: z.number().int(),
  /** Passes in which the item was tried. */
  passes: z.number().int(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  /** The class of the last failure, as `docs/operations.md` lists them. */
  failureClass: z.string().optional(),
  events: z.array(stackEventSchema).optional(),
  orphans: z.array(orphanSchema).optional(),
});
export type ResultItem = z.infer<typeof resultItemSchema>;

export const targetResultSchema = targetSchema.extend({
  items: z.array(resultItemSchema),
  error: targetErrorSchema.optional(),
  passes: z.number().int(),
  /** AWS calls made for this target, retries included. */
  awsCalls: z.number().int(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
});
export type TargetResult = z.infer<typeof targetResultSchema>;

export const resultTotalsSchema = z.object({
  deleted: z.number().int(),
  skipped: z.number().int(),
  blocked: z.number().int(),
  failed: z.number().int(),
  orphaned: z.number().int(),
});
export type ResultTotals = z.infer<typeof resultTotalsSchema>;

export const runStatuses = [
  'completed',
  'completed-with-failures',
  'cancelled',
  'refused',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** The whole of a run: what `nightshift cleanup run --json` prints and the report shows. */
export const runResultSchema = z.object({
  runId: z.string(),
  workflowId: z.string(),
  status: z.enum(runStatuses),
  /** Why it was refused or cancelled. */
  reason: z.string().optional(),
  startedAt: z.string(),
  endedAt: z.string(),
  policies: z.array(z.string()),
  totals: resultTotalsSchema,
  awsCalls: z.number().int(),
  targets: z.array(targetResultSchema),
});
export type RunResult = z.infer<typeof runResultSchema>;
