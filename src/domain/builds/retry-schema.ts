import { z } from 'zod';
import { wholeNumber } from '../config/fields.js';
import { durationOfAtLeast } from '../duration-schema.js';

/** What is done when a build fails for a reason that is not its own: a fault of CodeBuild, no machine, the queue. */
export const infrastructureRetrySchema = z.strictObject({
  attempts: wholeNumber(1, 20)
    .default(3)
    .describe('Builds started at most, the first one included; a failed command is never retried.'),
  delay: durationOfAtLeast('10ms')
    .default('30s')
    .describe('The wait before the second build; it doubles each time, up to 10m.'),
});
export type InfrastructureRetry = z.infer<typeof infrastructureRetrySchema>;
