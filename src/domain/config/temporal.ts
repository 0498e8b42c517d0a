import { z } from 'zod';
import { hostPortSchema, text } from './fields.js';

/** The Temporal server. `TEMPORAL_ADDRESS` and Temporal's own profiles work without any of this. */
export const temporalSchema = z.strictObject({
  address: hostPortSchema
    .optional()
    .describe('Host and port of the server. TEMPORAL_ADDRESS and profiles apply when absent.'),
  namespace: text('the name of a namespace')
    .optional()
    .describe('The namespace. TEMPORAL_NAMESPACE and profiles apply when absent.'),
  taskQueue: text('the name of a task queue')
    .default('nightshift')
    .describe('The task queue that the workers serve.'),
});
export type TemporalSettings = z.infer<typeof temporalSchema>;
