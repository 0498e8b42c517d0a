import { z } from 'zod';
import { configSchema } from '../config/index.js';
import { policySchema } from '../policy/index.js';

const names = (what: string) =>
  z.array(z.string().min(1)).min(1, { error: `must be a list of ${what} with at least one entry` });

/** A config and its policies, as a client read them; without one, a worker uses its own. */
export const setupSchema = z.strictObject({
  config: configSchema,
  policies: z.array(policySchema),
});
export type Setup = z.infer<typeof setupSchema>;

/** Input of the `cleanup` workflow. `{}` runs every policy in every target. */
export const cleanupInputSchema = z.strictObject({
  /** `plan` inspects and deletes nothing. */
  mode: z.enum(['plan', 'run']).default('run'),
  /** Names of policies; all when absent. */
  policies: names('policy names').optional(),
  /** Globs of account names or ids. */
  accounts: names('account globs').optional(),
  regions: names('region names').optional(),
  /** Show the plan and wait for the update `approve`. */
  requireApproval: z.boolean().optional(),
  /** Refuse to run unless the plan still has this hash. */
  planHash: z
    .string()
    .regex(/^[0-9a-f]{16}$/, {
      error: 'must be a plan hash: 16 hexadecimal digits, as a plan prints it',
    })
    .optional(),
  /** Let a policy run whose filters exclude nothing. */
  allowMatchAll: z.boolean().optional(),
  setup: setupSchema.optional(),
});
export type CleanupInput = z.infer<typeof cleanupInputSchema>;
/** As a caller writes it. */
export type CleanupRequest = z.input<typeof cleanupInputSchema>;
