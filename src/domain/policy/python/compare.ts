import { asNumber, EmptyTuple, Instant, isMap, TypeMismatch } from './value.js';
import type { Value } from './value.js';

/** Python's `==`, which never fails: values of different families are not equal. */
export function equals(left: Value, right: Value): boolean {
  const [leftNumber, rightNumber] = [asNumber(left), asNumber(right)];
  if (leftNumber !== undefined || rightNumber !== undefined) return leftNumber === rightNumber;
  if (left instanceof Instant) return right instanceof Instant && left.micros === right.micros;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equals(item, right[index] ?? null))
    );
  }
  if (isMap(left)) {
    if (!isMap(right)) return false;
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every(
        (key) => Object.hasOwn(right, key) && equals(left[key] ?? null, right[key] ?? null),
      )
    );
  }
  return left === right;
}

/**
 * Where `left` stands to `right`: negative, 0 or positive; NaN when neither `<` nor `>` holds (a
 * not-a-number). Throws TypeMismatch for what Python can't order.
 */
export function order(left: Value, right: Value): number {
  const [leftNumber, rightNumber] = [asNumber(left), asNumber(right)];
  if (leftNumber !== undefined && rightNumber !== undefined) {
    return leftNumber === rightNumber ? 0 : Math.sign(leftNumber - rightNumber);
  }
  if (typeof left === 'string' && typeof right === 'string') return orderText(left, right);
  if (left instanceof Instant && right instanceof Instant) {
    return left.micros < right.micros ? -1 : Number(left.micros > right.micros);
  }
  if (Array.isArray(left) && Array.isArray(right)) return orderLists(left, right);
  if (left instanceof EmptyTuple && right instanceof EmptyTuple) return 0;
  throw new TypeMismatch('have no order');
}

/** By code point, where JavaScript's `<` goes by UTF-16 unit. */
export function orderText(left: string, right: string): number {
  const [a, b] = [Array.from(left), Array.from(right)];
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return Math.sign(a.length - b.length);
}

function orderLists(left: Value[], right: Value[]): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left[index] ?? null;
    const b = right[index] ?? null;
    if (!equals(a, b)) return order(a, b);
  }
  return Math.sign(left.length - right.length);
}
