import { validationError } from '../core/aws-error.js';

/** An opaque NextToken that holds where the next page begins. */
export function pageToken(position: string | number): string {
  return Buffer.from(`page:${position}`).toString('base64url');
}

/** The position that a NextToken holds; undefined when the call asks for the first page. */
export function pagePosition(parameters: URLSearchParams): string | undefined {
  const token = parameters.get('NextToken');
  if (token === null || token === '') return undefined;
  const [, position] = /^page:(.+)$/s.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (position === undefined) throw validationError(`Invalid NextToken: ${token}`);
  return position;
}

export interface Page<T> {
  items: T[];
  next: string | undefined;
}

/** A page of what is in the order of its keys; a token names the last key shown, so pages survive changes. */
export function pageByKey<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  size: number,
  parameters: URLSearchParams,
): Page<T> {
  const after = pagePosition(parameters);
  const sorted = [...items].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const next = last !== undefined && rest.length > size ? pageToken(keyOf(last)) : undefined;
  return { items: shown, next };
}
