import { z } from 'zod';
import { durationAllowed, durationPattern, parseDuration } from './duration.js';

/**
 * A length of time as people write it: whole numbers with a unit (d, h, m, s, ms), longest first.
 * It stays text once parsed, so that what a config or a workflow input holds reads the same
 * everywhere; {@link parseDuration} gives its milliseconds.
 */
export const durationSchema = z
  .string({ error: durationAllowed })
  .regex(durationPattern, { error: durationAllowed });

/** A duration no shorter than `least`, which is itself written as one. */
export function durationOfAtLeast(least: string) {
  const error = `${durationAllowed}, and at least ${least}`;
  return z
    .string({ error })
    .regex(durationPattern, { error })
    .refine((text) => !durationPattern.test(text) || parseDuration(text) >= parseDuration(least), {
      error,
    });
}

/** A duration within bounds, which are themselves written as durations. */
export function durationFromTo(least: string, most: string) {
  const error = `${durationAllowed}, from ${least} to ${most}`;
  return z
    .string({ error })
    .regex(durationPattern, { error })
    .refine((text) => !durationPattern.test(text) || isWithin(parseDuration(text), least, most), {
      error,
    });
}

function isWithin(milliseconds: number, least: string, most: string): boolean {
  return milliseconds >= parseDuration(least) && milliseconds <= parseDuration(most);
}
