import { z } from 'zod';

const range = z
  .tuple([z.number().min(0), z.number().min(0)])
  .refine(([min, max]) => min <= max, 'a range is [from, to]');

/**
 * Makes layered stacks: those of the first layer export, each of a later one imports from the layer below and,
 * some of them, from others further down. The last layer is deleted first.
 */
export const generateSchema = z.strictObject({
  /** Account ids or names; all when not given. */
  accounts: z.array(z.string()).optional(),
  /** All regions of each account when not given. */
  regions: z.array(z.string()).optional(),
  seed: z.number().int().default(1),
  /** Stacks are named `<prefix>-<layer>-<number>`. */
  prefix: z.string().default('app'),
  /** Stacks in each account and region. */
  stacks: z.number().int().min(1).max(2000),
  /** Layers: the longest chain of imports. */
  depth: z.number().int().min(1).default(3),
  /** Share of the stacks that export, beside those that must for the depth. */
  exporters: z.number().min(0).max(1).default(0.5),
  /** Imports of each stack that imports. */
  imports: range.default([1, 3]),
  deleteSeconds: range.default([20, 120]),
  ageDays: range.default([2, 30]),
  resources: range.default([2, 6]),
  tags: z.record(z.string(), z.string()).default({ ephemeral: 'true' }),
});
export type GenerateSpec = z.infer<typeof generateSchema>;
