import { z } from 'zod';
import { regionNameSchema, text } from '../config/fields.js';
import { buildOverridesShape, projectNameSchema } from './overrides.js';
import { infrastructureRetrySchema } from './retry-schema.js';
import { logSinkSchema } from './sinks.js';
import { buildSetupSchema } from './setup.js';
import { buildPlaceSchema, buildSpecSchema } from './spec-schema.js';

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
  /** Made by another workflow: wins over all of the above. */
  spec: buildSpecSchema.optional(),
});
export type BuildInput = z.infer<typeof buildInputSchema>;
/** As a caller writes it. */
export type BuildRequest = z.input<typeof buildInputSchema>;

/** Input of the workflow `describeBuild`: a build by its id or ARN, whoever started it. */
export const describeInputSchema = z.strictObject({
  build: text('the id or ARN of a build'),
  account: text('an account name or id').optional(),
  region: regionNameSchema.optional(),
  setup: buildSetupSchema.optional(),
  /** Where it is and how to get in, as an earlier answer had it; wins over all of the above. */
  place: buildPlaceSchema.optional(),
});
export type DescribeInput = z.infer<typeof describeInputSchema>;
export type DescribeRequest = z.input<typeof describeInputSchema>;
