import { z } from 'zod';
import { configSchema } from '../config/schema.js';

/** A config, as a client read it; without one, a worker uses its own. */
export const buildSetupSchema = z.strictObject({ config: configSchema });
export type BuildSetup = z.infer<typeof buildSetupSchema>;
