import { z } from 'zod';
import { buildSetupSchema } from '../builds/setup.js';
import { text, textLike } from '../config/fields.js';
import type { JobSpec } from './spec.js';

const jobIdSchema = textLike(
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'the UUID of a Buildkite job, such as 0190046e-e199-453b-a302-a21a4d649d31',
);

/** Input of the workflow `buildkiteJob`: `{ "jobId": "…" }` runs a job by hand. */
export const jobInputSchema = z.strictObject({
  jobId: jobIdSchema,
  /** Key of the queue whose settings count; not needed where there is one. */
  queue: text('the key of a queue').optional(),
  setup: buildSetupSchema.optional(),
  /** As a queue's workflow gives it. */
  spec: z.custom<JobSpec>().optional(),
});
export type JobRequest = z.input<typeof jobInputSchema>;

/** Input of the workflow `buildkiteQueue`. */
export const queueInputSchema = z.strictObject({
  queue: text('the key of a queue'),
  setup: buildSetupSchema.optional(),
});
export type QueueInput = z.infer<typeof queueInputSchema>;
export type QueueRequest = z.input<typeof queueInputSchema>;
