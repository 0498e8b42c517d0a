import { z } from 'zod';
import { globSchema } from '../glob.js';
import { accountSchema, targetSchema } from '../target-schema.js';

/** A whole number within bounds, with one message that says both. */
export function wholeNumber(min: number, max?: number) {
  const error =
    max === undefined
      ? `must be a whole number of at least ${min}`
      : `must be a whole number from ${min} to ${max}`;
  const schema = z.int({ error }).min(min, { error });
  return max === undefined ? schema : schema.max(max, { error });
}

/** Text with at least one character. */
export function text(what: string) {
  const error = `must be ${what}`;
  return z.string({ error }).min(1, { error });
}

/** Text of a form; `what` says which, with an example. */
export function textLike(pattern: RegExp, what: string) {
  const error = `must be ${what}`;
  return z.string({ error }).regex(pattern, { error });
}

/** A URL of http or https; `what` says of what. It holds no login: settings are in histories, which many may read. */
export function httpUrl(what: string) {
  return z
    .url({ protocol: /^https?$/, error: `must be ${what}` })
    .refine((url) => !holdsLogin(url), {
      error: 'must hold no user and no password: a secret does not belong in a file',
    });
}

function holdsLogin(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** A list with at least one entry: an empty one is more often a mistake than a wish for nothing. */
export function listOf<T extends z.ZodType>(item: T, what: string) {
  const error = `must be a list of ${what} with at least one entry`;
  return z.array(item, { error }).min(1, { error });
}

export const globsSchema = listOf(globSchema, 'globs');

export const regionNameSchema = targetSchema.shape.region;

export const accountIdSchema = accountSchema.shape.id;

export const ssmParameterSchema = textLike(
  /^\/[\w.-]+(\/[\w.-]+)*$/,
  'the name of an SSM parameter, such as /nightshift/slack',
);

export const hostPortSchema = textLike(
  /^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/,
  'a host and a port, such as temporal.example.com:7233',
);

/**
 * The keys of `options` that are given in `value`. Where exactly one of several keys must be there,
 * a check on this gives a clearer error than a union of objects would.
 */
export function keysGiven(value: object, options: readonly string[]): string[] {
  return options.filter((key) => Reflect.get(value, key) !== undefined);
}
