import { z } from 'zod';
import { globSchema } from '../glob.js';
import { wholeNumber } from './fields.js';

const percent = 'must be a number from 0 to 100';

/** What stops a run before it starts. */
export const railsSchema = z.strictObject({
  maxDeletes: wholeNumber(0)
    .optional()
    .describe(
      'A run that would delete more than this many resources in all is refused; no limit when absent.',
    ),
  maxDeletePercent: z
    .number({ error: percent })
    .min(0, { error: percent })
    .max(100, { error: percent })
    .optional()
    .describe(
      'A run that would delete more than this share of the stacks of any one target is refused.',
    ),
  requireApproval: z
    .boolean({ error: 'must be true or false' })
    .default(false)
    .describe('A run shows its plan and waits for `nightshift cleanup approve`.'),
  protect: z
    .array(globSchema, { error: 'must be a list of globs' })
    .default([])
    .describe(
      'Stacks whose name matches one of these globs are never deleted, whatever a policy selects.',
    ),
});
export type Rails = z.infer<typeof railsSchema>;
