import { z } from 'zod';
import { architectures } from '../ec2/images/image.js';

/** The states that an image goes through while a pipeline makes it, but for the first and the last. */
export const workStates = [
  'CREATING',
  'BUILDING',
  'TESTING',
  'DISTRIBUTING',
  'INTEGRATING',
] as const;
export type WorkState = (typeof workStates)[number];

export const pipelineFailureSchema = z.strictObject({
  /** In which state it fails. */
  during: z.enum(workStates).default('BUILDING'),
  /** The image's state reason; Image Builder's usual sentence when not given. */
  reason: z.string().optional(),
  /** How many executions; every one when not given. */
  times: z.number().int().positive().optional(),
});
export type PipelineFailure = z.infer<typeof pipelineFailureSchema>;

/** An image pipeline that is there before anyone asks. */
export const placedPipelineSchema = z.strictObject({
  account: z.string(),
  region: z.string(),
  name: z.string().regex(/^[-_A-Za-z0-9][-_A-Za-z0-9 ]{1,126}[-_A-Za-z0-9]$/),
  /** Sandbox seconds from start to end. */
  seconds: z.number().positive().default(600),
  /** `{}` fails every execution while it is building. */
  fail: pipelineFailureSchema.optional(),
  /** Regions that the image is distributed to besides the pipeline's own. */
  regions: z.array(z.string()).default([]),
  architecture: z.enum(architectures).default('x86_64'),
  /** Tags of the AMIs that come out, besides Image Builder's own. */
  amiTags: z.record(z.string(), z.string()).default({}),
});
export type PlacedPipeline = z.infer<typeof placedPipelineSchema>;
export type PlacedPipelineInput = z.input<typeof placedPipelineSchema>;
