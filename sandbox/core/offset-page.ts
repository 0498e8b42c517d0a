import { AwsError } from './aws-error.js';

/** A page of a list that doesn't change while it is read; the token holds the offset. */
export function offsetPage<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
): { items: T[]; next: string | undefined } {
  const start = token === undefined ? 0 : offsetOf(token);
  const end = start + size;
  return {
    items: items.slice(start, end),
    next: end < items.length ? Buffer.from(`offset:${end}`).toString('base64url') : undefined,
  };
}

function offsetOf(token: string): number {
  const [, offset] = /^offset:(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (offset === undefined)
    throw new AwsError('InvalidNextToken', 'The specified token is not valid.');
  return Number(offset);
}
