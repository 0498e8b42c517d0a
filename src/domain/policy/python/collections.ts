import { equals } from './compare.js';
import { asNumber, EmptyTuple, Instant, isMap, TypeMismatch } from './value.js';
import type { Value } from './value.js';

/** Python's `item in container`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') throw new TypeMismatch('only text can be in text');
    return container.includes(item);
  }
  if (Array.isArray(container)) return container.some((element) => equals(element, item));
  if (container instanceof EmptyTuple) return false;
  if (isMap(container)) {
    hashKey(item);
    return typeof item === 'string' && Object.hasOwn(container, item);
  }
  throw new TypeMismatch('contains nothing');
}

/** Python's `set(value)`, as keys that are the same for values that are equal. */
export function setOf(value: Value): Set<string> {
  return new Set(elements(value).map(hashKey));
}

function elements(value: Value): Value[] {
  if (typeof value === 'string') return Array.from(value);
  if (Array.isArray(value)) return value;
  if (value instanceof EmptyTuple) return [];
  if (isMap(value)) return Object.keys(value);
  throw new TypeMismatch('has no elements');
}

function hashKey(value: Value): string {
  const number = asNumber(value);
  if (number !== undefined) return `number ${number}`;
  if (typeof value === 'string') return `text ${value}`;
  if (value instanceof Instant) return `moment ${value.micros}`;
  if (value === null) return 'null';
  if (value instanceof EmptyTuple) return '()';
  throw new TypeMismatch('lists and maps have no place in a set');
}
