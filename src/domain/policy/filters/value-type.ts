import { microsOfDays, toInstant } from '../dates/value.js';
import { setOf } from '../python/collections.js';
import { parseFloatingPoint, parseInteger, strip } from '../python/numbers.js';
import { Instant, lengthOf, TypeMismatch } from '../python/value.js';
import type { Value } from '../python/value.js';
import type { ValueType } from './syntax.js';

/** The two sides of a comparison: the resource's value is on the left, unless the type turns them. */
export interface Sides {
  left: Value;
  right: Value;
}

export interface TypeContext {
  now: Date;
  /** Reads from the resource what a key names, for `expr`. */
  read: (key: Value) => Value;
}

/** Turns the resource's value (`left`) and the policy's (`right`) into what the operator compares. */
export function convert(type: ValueType, { left, right }: Sides, context: TypeContext): Sides {
  const { now } = context;
  switch (type) {
    case 'normalize':
      return { left: typeof left === 'string' ? strip(left).toLowerCase() : left, right };
    case 'expr':
      return { left, right: context.read(right) };
    case 'integer':
      return { left: numberOf(left, parseInteger), right };
    case 'float':
      return { left: numberOf(left, parseFloatingPoint), right };
    case 'size':
      return { left: sizeOr0(() => lengthOf(left)), right };
    case 'unique_size':
      return { left: sizeOr0(() => setOf(left).size), right };
    case 'swap':
      return { left: right, right: left };
    case 'date':
      return { left: toInstant(left, now) ?? null, right: toInstant(right, now) ?? null };
    case 'age':
      // Turned round, so that "age greater than 3 days" reads as it is meant.
      return { left: daysFrom(now, right, -1), right: toInstant(left, now) ?? 0 };
    case 'expiration':
      return { left: toInstant(left, now) ?? 0, right: daysFrom(now, right, 1) };
  }
}

function daysFrom(now: Date, days: Value, direction: 1 | -1): Instant {
  const distance = microsOfDays(Number(days));
  return new Instant(Instant.ofDate(now).micros + BigInt(direction) * distance);
}

// Custodian goes through the value's text, where only numbers and text can hold a number.
function numberOf(value: Value, parse: (text: string) => number | undefined): number {
  return typeof value === 'string' || typeof value === 'number' ? (parse(String(value)) ?? 0) : 0;
}

function sizeOr0(size: () => number): number {
  try {
    return size();
  } catch (error) {
    if (error instanceof TypeMismatch) return 0;
    throw error;
  }
}
