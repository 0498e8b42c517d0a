import { z } from 'zod';
import { accountsSchema } from './accounts.js';
import { buildkiteSchema } from './buildkite.js';
import { buildsSchema } from './builds.js';
import { cleanupSchema } from './cleanup.js';
import { listOf, text } from './fields.js';
import { imagesSchema } from './images.js';
import { notificationsSchema } from './notifications.js';
import { paceSchema } from './pace.js';
import { railsSchema } from './rails.js';
import { regionsAllowed, regionsSchema } from './regions.js';
import { schedulesSchema } from './schedules.js';
import { telemetrySchema } from './telemetry.js';
import { temporalSchema } from './temporal.js';

/** What a cleanup can't do without, and what is allowed there. */
const ofCleanup = {
  accounts: 'must be a mapping of keys to values',
  regions: regionsAllowed,
  policies: 'must be a list of policy files with at least one entry',
} as const;

/** The sections of which one is enough. */
const others = ['builds', 'buildkite', 'images'] as const;

/** A section that has to be there unless the config is one of builds or images only. */
function requiredForCleanup(key: string, error: string) {
  const given = (config: unknown, name: string) =>
    typeof config === 'object' && config !== null && Reflect.get(config, name) !== undefined;
  return z.refine(
    (config) => given(config, key) || others.some((other) => given(config, other)),
    // Said with whatever else is wrong: nobody should mend a file one error at a time.
    { path: [key], error, when: ({ value }) => typeof value === 'object' && value !== null },
  );
}

/**
 * `nightshift.yaml`. A section is a file here and a line below.
 *
 * What comes out is JSON, has its defaults filled in, and can go in again unchanged: a config, or a
 * section of one, travels in workflow inputs and is checked at each door by the same schema.
 */
export const configSchema = z
  .strictObject({
    accounts: accountsSchema
      .optional()
      .describe(
        'Which accounts to work in, and how to get into them. Absent, where only builds or images are configured: those of the organization, by the role nightshift-spoke.',
      ),
    regions: regionsSchema.optional(),
    policies: listOf(text('a path or glob'), 'policy files')
      .optional()
      .describe('Paths or globs of policy files (Cloud Custodian YAML), relative to this file.'),
    rails: railsSchema.prefault({}).describe('What stops a run before it starts.'),
    pace: paceSchema.prefault({}).describe('How fast to go.'),
    cleanup: cleanupSchema.prefault({}).describe('How a cleanup behaves.'),
    builds: buildsSchema.optional().describe('CodeBuild builds.'),
    buildkite: buildkiteSchema.optional().describe('Buildkite jobs that run as CodeBuild builds.'),
    images: imagesSchema
      .optional()
      .describe('Machine images that are kept up with the packages of a mirror.'),
    schedules: schedulesSchema
      .default([])
      .describe(
        'Runs that start by the clock; `nightshift schedule apply` puts them on the server.',
      ),
    notifications: notificationsSchema.prefault({}).describe('Who hears of a run when it ends.'),
    temporal: temporalSchema.prefault({}).describe('The Temporal server.'),
    telemetry: telemetrySchema.prefault({}).describe('Metrics and traces of a worker.'),
  })
  .check(...Object.entries(ofCleanup).map(([key, allowed]) => requiredForCleanup(key, allowed)));

/** A config with its defaults filled in. */
export type Config = z.infer<typeof configSchema>;
/** A config as it is written. */
export type ConfigInput = z.input<typeof configSchema>;
