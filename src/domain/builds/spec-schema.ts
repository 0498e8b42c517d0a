import { z } from 'zod';
import { text } from '../config/fields.js';
import { paceSchema } from '../config/pace.js';
import { durationSchema } from '../duration-schema.js';
import { targetSchema } from '../target-schema.js';
import { buildOverridesSchema, projectNameSchema } from './overrides.js';
import { infrastructureRetrySchema } from './retry-schema.js';
import { logSinkSchema } from './sinks.js';
import type { BuildPlace, BuildSpec } from './spec.js';

// Workflows and clients of ours make these; whoever else starts a workflow with one hears what is wrong with it.

const placeShape = {
  target: targetSchema,
  access: z.object({
    role: text('the ARN of a role').optional(),
    externalId: text('an external id').optional(),
    sessionName: text('a session name'),
  }),
  pace: paceSchema,
  builds: z.object({
    pollInterval: durationSchema,
    logDrain: durationSchema,
    logWait: durationSchema,
  }),
};

export const buildPlaceSchema: z.ZodType<BuildPlace> = z.looseObject(placeShape);

export const buildSpecSchema: z.ZodType<BuildSpec> = z.looseObject({
  ...placeShape,
  project: projectNameSchema,
  overrides: buildOverridesSchema,
  sealedEnv: z.object({ sealed: z.string(), context: z.string() }).optional(),
  sinks: z.array(logSinkSchema),
  retry: infrastructureRetrySchema,
});

/** A build, and where it is. */
export const oneBuildSchema = z.looseObject({
  place: buildPlaceSchema,
  buildId: text('the id of a build'),
});

/** Input of the workflow `buildLog`. */
export const logRequestSchema = z.looseObject({
  place: buildPlaceSchema,
  buildId: text('the id of a build'),
  cursor: z.looseObject({
    token: z.string().optional(),
    tokenAt: z.number().optional(),
    skip: z.int().min(0),
    last: z.object({ timestamp: z.number(), count: z.int().min(1) }).optional(),
  }),
  wait: z.number().min(0),
});
