import { z } from 'zod';
import { stackFailureSchema } from '../cloudformation/failures.js';
import { placedStackSchema, stackStatuses } from '../fleet/stack-schema.js';

/** What the admin API is asked and answers, for the server and its client alike. Times are sandbox time, ISO 8601. */

export const stateSchema = z.object({
  speed: z.number(),
  now: z.string(),
  seed: z.number(),
  away: z.boolean(),
  accounts: z.array(z.object({ id: z.string(), name: z.string(), regions: z.array(z.string()) })),
});
export type SandboxState = z.infer<typeof stateSchema>;

export const ledgerEntrySchema = z.object({
  index: z.number(),
  time: z.string(),
  realTime: z.string(),
  accountId: z.string(),
  region: z.string(),
  service: z.string(),
  action: z.string(),
  subject: z.string().optional(),
  outcome: z.string(),
  effective: z.boolean(),
});
export type AdminLedgerEntry = z.infer<typeof ledgerEntrySchema>;

const counts = z.record(z.string(), z.number());

export const ledgerSummarySchema = z.object({
  calls: z.number(),
  actions: z.record(z.string(), counts),
  targets: counts,
  effectiveDeletes: z.record(z.string(), counts),
});

/** A stack as it truly is now, whatever faults make clients see. */
export const stackStateSchema = z.object({
  id: z.string(),
  name: z.string(),
  account: z.string(),
  region: z.string(),
  status: z.string(),
  statusReason: z.string().optional(),
  protected: z.boolean(),
  tags: z.record(z.string(), z.string()),
  parentId: z.string().optional(),
  exports: z.array(z.string()),
  imports: z.array(z.string()),
  createdAt: z.string(),
  deletedAt: z.string().optional(),
});
export type StackState = z.infer<typeof stackStateSchema>;

export const createStackSchema = placedStackSchema;

/** Changes to a living stack, made behind CloudFormation's back: no event, no update. */
export const changeStackSchema = z.strictObject({
  id: z.string(),
  protected: z.boolean().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  status: z.enum(stackStatuses).optional(),
  deleteSeconds: z.number().min(0).optional(),
  failures: z.array(stackFailureSchema).optional(),
});
export type StackChange = z.infer<typeof changeStackSchema>;

export const awaySchema = z.strictObject({
  /** Sandbox seconds; without an end when not given. */
  seconds: z.number().positive().optional(),
});

export const skipSchema = z.strictObject({ seconds: z.number().min(0) });

export const orphanSchema = z.object({
  stackId: z.string(),
  logicalId: z.string(),
  physicalId: z.string(),
  type: z.string(),
});

export const bucketStateSchema = z.object({ versions: z.number(), uploads: z.number() }).nullable();

export const logTextSchema = z.object({ text: z.string() });
export type LogText = z.infer<typeof logTextSchema>;
