import { z } from 'zod';

/** What the builds of a project make that runs Packer. Of builds whose commands really run, it is their own affair. */
export const projectImageSchema = z.strictObject({
  /** Regions that Packer itself copies the image to, besides the build's own. */
  regions: z.array(z.string().min(1)).default([]),
  /** Sandbox seconds, at the end of BUILD, that the image is there and pending; Packer waits for it. */
  pendingSeconds: z.number().min(0).default(0),
  /** Whether it carries Nightshift's tags, as the example template gives them. */
  tagged: z.boolean().default(true),
  /** Further tags. */
  tags: z.record(z.string(), z.string()).default({}),
  /** Where the build tells of it: in its log, in `manifest.json` of its artifact, in both or nowhere. */
  output: z.enum(['log', 'artifact', 'both', 'none']).default('log'),
});
export type ProjectImage = z.infer<typeof projectImageSchema>;
