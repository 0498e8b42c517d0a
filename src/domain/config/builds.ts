import { z } from 'zod';
import { buildOverridesShape, projectNameSchema } from '../builds/overrides.js';
import { infrastructureRetrySchema } from '../builds/retry-schema.js';
import { durationOfAtLeast } from '../duration-schema.js';
import { regionNameSchema, text } from './fields.js';

const presetSchema = z.strictObject({
  account: text('an account name or id').optional().describe('Account of the project: name or id.'),
  region: regionNameSchema.optional().describe('Region of the project.'),
  project: projectNameSchema.optional().describe('The CodeBuild project.'),
  ...buildOverridesShape,
  retry: infrastructureRetrySchema
    .optional()
    .describe('What is done when CodeBuild itself fails; commands are never run again.'),
});
export type BuildPreset = z.infer<typeof presetSchema>;

/** CodeBuild builds: how they are watched, and named sets of overrides. */
export const buildsSchema = z.strictObject({
  pollInterval: durationOfAtLeast('10ms')
    .default('5s')
    .describe('How often builds are looked at: one call per hundred in an account and region.'),
  logDrain: durationOfAtLeast('0ms')
    .default('10s')
    .describe(
      'How long a log is read on after its build has ended: its last lines come late. Two reads after that must be empty.',
    ),
  logWait: durationOfAtLeast('0ms')
    .default('1m')
    .describe('How long after its end a build’s log may take to appear at all.'),
  orphanSweep: durationOfAtLeast('1s')
    .default('10m')
    .describe('How often builds whose workflow is gone are looked for, and stopped.'),
  presets: z
    .record(text('a name'), presetSchema, { error: 'must be a mapping of names to presets' })
    .default({})
    .describe('Projects with their overrides, by the name that `--preset` takes.'),
});
export type BuildsSettings = z.infer<typeof buildsSchema>;
