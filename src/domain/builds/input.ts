import { z } from 'zod';
import { regionNameSchema, text } from '../config/fields.js';
import { buildOverridesShape, projectNameSchema } from './overrides.js';
import { infrastructureRetrySchema } from './retry.js';
import { logSinkSchema } from './sinks.js';
import { buildSetupSchema } from './setup.js';

/** Input of the workflow `codebuildBuild`. What is not given comes from the preset, if one is named. */
export const buildInputSchema = z.strictObject({
  /** A preset of `builds.presets` in nightshift.yaml. */
  preset: text('the name of a preset').optional(),
  /** Account name or id. */
  account: text('an account name or id').optional(),
  region: regionNameSchema.optional(),
  project: projectNameSchema.optional(),
  ...buildOverridesShape,
  /** Where the log goes, besides CloudWatch. */
  sinks: z.array(logSinkSchema).max(5).optional(),
  retry: infrastructureRetrySchema.optional(),
  setup: buildSetupSchema.optional(),
});
export type BuildInput = z.infer<typeof buildInputSchema>;
/** As a caller writes it. */
export type BuildRequest = z.input<typeof buildInputSchema>;
