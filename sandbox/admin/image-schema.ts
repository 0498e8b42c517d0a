import { z } from 'zod';
import { imageStates } from '../ec2/images/image.js';
import { placedImageSchema } from '../ec2/images/seed.js';
import { pipelineFailureSchema } from '../imagebuilder/pipeline-schema.js';

/** What the admin API is asked and answers about images. Times are sandbox time, ISO 8601. */

const tags = z.record(z.string(), z.string());

/** An image as it truly is now, whatever EC2 shows of it yet. */
export const imageStateSchema = z.object({
  id: z.string(),
  /** Its owner. */
  account: z.string(),
  region: z.string(),
  name: z.string(),
  state: z.enum(imageStates),
  /** Why it failed. */
  reason: z.string().optional(),
  architecture: z.string(),
  description: z.string(),
  /** Those of its owner. */
  tags,
  snapshots: z.array(z.string()),
  /** Whom it is shared with: account ids, ARNs, `all`. */
  sharedWith: z.array(z.string()),
  /** Accounts that may make volumes of all its snapshots. */
  snapshotsSharedWith: z.array(z.string()),
  createdAt: z.string(),
  deprecatedAt: z.string().optional(),
  /** What it is a copy of. */
  source: z.object({ region: z.string(), imageId: z.string() }).optional(),
});
export type ImageStateView = z.infer<typeof imageStateSchema>;

export const imageSnapshotSchema = z.object({
  id: z.string(),
  account: z.string(),
  region: z.string(),
  state: z.string(),
  description: z.string(),
  tags,
});
export type ImageSnapshotView = z.infer<typeof imageSnapshotSchema>;

/** As in the fleet file, or as a build makes one: pending, and seen after a while only. */
export const createImageSchema = placedImageSchema.omit({ owner: true, ageDays: true }).extend({
  ageDays: z.number().min(0).default(0),
  state: z.enum(['pending', 'available', 'failed']).optional(),
  /** Sandbox seconds until it is available; it is seen once EC2 is consistent again. */
  availableAfter: z.number().min(0).optional(),
});
export type CreateImageInput = z.input<typeof createImageSchema>;

/** Changes to an image behind EC2's back. */
export const changeImageSchema = z.strictObject({
  id: z.string(),
  /** `failed` ends a copy that goes on; `deregistered` leaves its snapshots. */
  state: z.enum(imageStates).optional(),
  reason: z.string().optional(),
  /** In place of all that it has. */
  tags: tags.optional(),
});
export type ImageChange = z.infer<typeof changeImageSchema>;

/** What a pipeline of Image Builder made or makes. */
export const pipelineImageSchema = z.object({
  arn: z.string(),
  account: z.string(),
  region: z.string(),
  pipeline: z.string(),
  state: z.string(),
  reason: z.string().optional(),
  started: z.string(),
  tags,
  amis: z.array(z.object({ region: z.string(), image: z.string() })),
});
export type PipelineImageView = z.infer<typeof pipelineImageSchema>;

export const changePipelineSchema = z.strictObject({
  account: z.string(),
  region: z.string(),
  name: z.string(),
  /** Of executions that start from now on. */
  seconds: z.number().positive().optional(),
  /** How they fail; null lets them succeed. */
  fail: pipelineFailureSchema.nullable().optional(),
});
export type PipelineChange = z.input<typeof changePipelineSchema>;
