import { z } from 'zod';
import { invalidToken } from './action.js';

const tokenSchema = z.object({ after: z.string() });

/**
 * A page of a list that grows while it is read: the token holds the last key that was shown, so nothing is shown twice.
 * @param items by ascending key, or by descending key
 */
export function keyedPage<T>(
  items: readonly { key: string; item: T }[],
  options: { token: string | undefined; limit: number; descending: boolean },
): { items: T[]; next: string | undefined } {
  const { token, limit, descending } = options;
  const after = token === undefined ? undefined : afterOf(token);
  const rest = items.filter(
    ({ key }) => after === undefined || (descending ? key < after : key > after),
  );
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(({ item }) => item),
    next: last && Buffer.from(JSON.stringify({ after: last.key })).toString('base64url'),
  };
}

function afterOf(token: string): string {
  return parseToken(token, tokenSchema).after;
}

/** @throws AwsError when it is not JSON of that shape in base64url */
export function parseToken<T>(token: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(token, 'base64url').toString()));
  } catch {
    throw invalidToken();
  }
}
