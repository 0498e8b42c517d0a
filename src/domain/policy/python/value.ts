import type { JsonObject } from '../json.js';

/**
 * A moment, in microseconds since 1970 UTC: the precision of Custodian's datetimes. Two moments
 * compare with each other and with nothing else, least of all with text that looks like a date.
 */
export class Instant {
  constructor(readonly micros: bigint) {}

  static ofDate(date: Date): Instant {
    return new Instant(BigInt(date.getTime()) * 1000n);
  }
}

/** Python's `()`, which Custodian puts in the place of a missing value for `in` and `not-in`. */
export class EmptyTuple {
  readonly size = 0;
}
export const emptyTuple = new EmptyTuple();

/** Values as Custodian's filters see them: JSON, moments, and the empty tuple. */
export type Value = null | boolean | number | string | Instant | EmptyTuple | Value[] | ValueMap;

export interface ValueMap {
  [key: string]: Value;
}

/** An operation that Python refuses for these types. Custodian takes most of these for "no match". */
export class TypeMismatch extends Error {}

export function isMap(value: Value): value is ValueMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Instant) &&
    !(value instanceof EmptyTuple)
  );
}

/** A field of a map; null when it is not there, as for Python's `dict.get`. */
export function field(map: ValueMap | JsonObject, key: string): Value {
  return Object.hasOwn(map, key) ? (map[key] ?? null) : null;
}

/** Numbers and booleans are one family in Python: `True == 1`. */
export function asNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : undefined;
}

export function isTruthy(value: Value): boolean {
  if (value instanceof EmptyTuple || value === null) return false;
  if (value instanceof Instant) return true;
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object') return Object.keys(value).length > 0;
  return value !== '' && value !== 0 && value !== false;
}

/** Python's `len`: code points of text, items of a list, keys of a map. */
export function lengthOf(value: Value): number {
  if (value instanceof EmptyTuple) return value.size;
  if (typeof value === 'string') return Array.from(value).length;
  if (Array.isArray(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  throw new TypeMismatch('has no length');
}
