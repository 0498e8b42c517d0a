import { z } from 'zod';
import type { LineRecord } from '../result.js';

const builtImageSchema = z.object({
  imageId: z.string().exactOptional(),
  copies: z.record(z.string(), z.string()).exactOptional(),
  builtAt: z.string().exactOptional(),
  replacedAt: z.string().exactOptional(),
  prunedAt: z.string().exactOptional(),
});

/** What a line answers when it is asked for its record. */
export const lineRecordSchema = z.object({
  line: z.string(),
  channel: z.string(),
  product: z.string(),
  built: z.record(z.string(), builtImageSchema),
}) satisfies z.ZodType<LineRecord>;
