import { z } from 'zod';
import { accountsSchema } from './accounts.js';
import { cleanupSchema } from './cleanup.js';
import { listOf, text } from './fields.js';
import { notificationsSchema } from './notifications.js';
import { paceSchema } from './pace.js';
import { railsSchema } from './rails.js';
import { regionsSchema } from './regions.js';
import { schedulesSchema } from './schedules.js';
import { telemetrySchema } from './telemetry.js';
import { temporalSchema } from './temporal.js';

/**
 * `nightshift.yaml`. A section is a file here and a line below.
 *
 * What comes out is JSON, has its defaults filled in, and can go in again unchanged: a config, or a
 * section of one, travels in workflow inputs and is checked at each door by the same schema.
 */
export const configSchema = z.strictObject({
  accounts: accountsSchema.describe('Which accounts to work in, and how to get into them.'),
  regions: regionsSchema,
  policies: listOf(text('a path or glob'), 'policy files').describe(
    'Paths or globs of policy files (Cloud Custodian YAML), relative to this file.',
  ),
  rails: railsSchema.prefault({}).describe('What stops a run before it starts.'),
  pace: paceSchema.prefault({}).describe('How fast to go.'),
  cleanup: cleanupSchema.prefault({}).describe('How a cleanup behaves.'),
  schedules: schedulesSchema
    .default([])
    .describe('Runs that start by the clock; `nightshift schedule apply` puts them on the server.'),
  notifications: notificationsSchema.prefault({}).describe('Who hears of a run when it ends.'),
  temporal: temporalSchema.prefault({}).describe('The Temporal server.'),
  telemetry: telemetrySchema.prefault({}).describe('Metrics and traces of a worker.'),
});

/** A config with its defaults filled in. */
export type Config = z.infer<typeof configSchema>;
/** A config as it is written. */
export type ConfigInput = z.input<typeof configSchema>;
