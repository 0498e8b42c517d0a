import { z } from 'zod';
import { globsSchema, keysGiven, listOf, regionNameSchema } from './fields.js';

export const regionsAllowed =
  'must be a list of region names, the word allowed (all that the account has enabled), or allowed with include or exclude globs';

/** Which regions to work in, in every account. */
export const regionsSchema = z
  .union(
    [
      z.literal('allowed'),
      listOf(regionNameSchema, 'region names').refine(
        (names) => new Set(names).size === names.length,
        { error: 'must name each region once' },
      ),
      z
        .strictObject({
          allowed: z.literal(true).optional().describe('Says what the globs choose from.'),
          include: globsSchema
            .optional()
            .describe('Only enabled regions that match one of these globs.'),
          exclude: globsSchema.optional().describe('Never regions that match; wins over include.'),
        })
        .refine((value) => keysGiven(value, ['allowed', 'include', 'exclude']).length > 0, {
          error: regionsAllowed,
        }),
    ],
    { error: regionsAllowed },
  )
  .describe(
    'Region names; or allowed: every region that the account has enabled; or those, by include and exclude globs.',
  );
export type Regions = z.infer<typeof regionsSchema>;

/** Regions as a choice: named ones, or those that an account has enabled, filtered by globs. */
export type RegionSelection =
  | { kind: 'list'; names: string[] }
  | { kind: 'allowed'; include?: string[] | undefined; exclude?: string[] | undefined };

export function regionSelection(regions: Regions): RegionSelection {
  if (regions === 'allowed') return { kind: 'allowed' };
  if (Array.isArray(regions)) return { kind: 'list', names: regions };
  return { kind: 'allowed', include: regions.include, exclude: regions.exclude };
}
