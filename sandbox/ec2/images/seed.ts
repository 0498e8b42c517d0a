import { z } from 'zod';
import { architectures } from './image.js';

const tags = z.record(z.string(), z.string());
const days = z.number().min(0);

/** An image that is there before anyone asks. */
export const placedImageSchema = z.strictObject({
  /** Who owns it or, with an `owner`, whom that one shares it with. */
  account: z.string(),
  region: z.string(),
  id: z
    .string()
    .regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/, 'an image id looks like ami-0123456789abcdef0')
    .optional(),
  name: z.string().min(3).max(128),
  description: z.string().default(''),
  tags: tags.default({}),
  architecture: z.enum(architectures).default('x86_64'),
  ageDays: days.default(7),
  /** Days from now until it is deprecated, or since; never when not given. */
  deprecatedAfterDays: z.number().optional(),
  public: z.boolean().default(false),
  disabled: z.boolean().default(false),
  /** An account of its own, or AWS: then it is public. */
  owner: z.union([z.enum(['amazon', 'aws-marketplace']), z.string().regex(/^\d{12}$/)]).optional(),
  /** GiB. */
  size: z.number().int().positive().default(8),
});
export type PlacedImage = z.infer<typeof placedImageSchema>;
export type PlacedImageInput = z.input<typeof placedImageSchema>;

/** Accounts that AWS itself publishes images from. */
export const aliases: Readonly<Record<string, string>> = {
  amazon: '137112412989',
  'aws-marketplace': '679593333241',
};
