import { z } from 'zod';
import type { MirrorState } from './mirror-state.js';

export const mirrorStateSchema = z.object({
  asked: z.string(),
  checksum: z.string(),
  etag: z.string().exactOptional(),
  lastModified: z.string().exactOptional(),
}) satisfies z.ZodType<MirrorState>;
