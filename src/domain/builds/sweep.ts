import { z } from 'zod';
import { buildSetupSchema } from './setup.js';

/** Input of the workflow `sweepBuilds`. */
export const sweepInputSchema = z.strictObject({ setup: buildSetupSchema.optional() });
export type SweepRequest = z.input<typeof sweepInputSchema>;

/** What a sweep did. */
export interface SweepResult {
  /** Projects that were looked through. */
  projects: number;
  /** Ids of builds that were stopped: their workflow was gone. */
  stopped: string[];
  /** UUIDs of Buildkite jobs that were finished as lost: their workflow was gone. */
  finished: string[];
  /** What could not be looked at. */
  troubles: string[];
}
