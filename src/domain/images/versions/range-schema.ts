import { z } from 'zod';
import { faultOfRange, rangeAllowed } from './range.js';

/** A range of versions as `parseRange` reads it; it stays text once parsed. */
export const versionRangeSchema = z.string({ error: rangeAllowed }).check((context) => {
  const message = faultOfRange(context.value);
  if (message !== undefined) {
    context.issues.push({ code: 'custom', message, input: context.value });
  }
});
