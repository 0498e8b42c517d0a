import { z } from 'zod';
import { keysGiven, textLike } from '../fields.js';

export const urlSchema = z
  .url({ protocol: /^https?$/, error: 'must be a URL of http or https' })
  // Settings are in the histories of workflows, which many may read.
  .refine((url) => !holdsLogin(url), {
    error: 'must hold no user and no password: a secret does not belong in a file',
  });

function holdsLogin(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** Exactly one of several keys, with an error that says which there are. */
export function oneOfKeys<T extends z.ZodObject>(schema: T, what: string) {
  const keys = Object.keys(schema.shape);
  return schema
    .superRefine((value, context) => {
      const given = keysGiven(value, keys);
      if (given.length === 1) return;
      const found = given.length === 0 ? 'none is given' : `${given.join(' and ')} are given`;
      context.addIssue({
        code: 'custom',
        message: `must hold exactly one ${what} (${keys.join(', ')}); ${found}`,
      });
    })
    .meta({ oneOf: keys.map((key) => ({ required: [key] })) });
}

export const variablesSchema = z
  .record(
    textLike(/^[A-Za-z_]\w*$/, 'the name of an environment variable'),
    z.string({ error: 'must be text: put it in quotes' }),
  )
  .describe('Environment variables of the build, besides those that Nightshift gives.');
