import { z } from 'zod';

/**
 * Where a project's artifacts go (API, ProjectArtifacts): into a bucket as files, or as one ZIP. They are
 * at `<path>/<build's uuid if namespace>/<name>`.
 */
export const artifactsSchema = z.strictObject({
  bucket: z.string().min(3).max(63),
  path: z.string().default(''),
  namespace: z.enum(['NONE', 'BUILD_ID']).default('NONE'),
  /** The project's name unless given. */
  name: z.string().min(1).optional(),
  packaging: z.enum(['NONE', 'ZIP']).default('NONE'),
});
export type ArtifactsSpec = z.infer<typeof artifactsSchema>;
