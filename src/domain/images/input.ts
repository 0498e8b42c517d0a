import { z } from 'zod';
import { buildSetupSchema } from '../builds/setup.js';
import { channelNameSchema, lineNameSchema } from './names.js';

/** Input of the workflows `imageLine` and `imageCheck`. */
export const lineRequestSchema = z.strictObject({
  line: lineNameSchema,
  /** Not needed where the line has one. */
  channel: channelNameSchema.optional(),
  /** The worker's own config when absent. */
  setup: buildSetupSchema.optional(),
});
