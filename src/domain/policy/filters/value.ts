import { compileCapture } from '../regex/compile.js';
import { emptyTuple, isTruthy, TypeMismatch } from '../python/value.js';
import type { Value, ValueMap } from '../python/value.js';
import { compileKey } from './key.js';
import { applyOperator } from './operators.js';
import type { Operator, ValueFilter } from './syntax.js';
import { convert } from './value-type.js';
import type { Sides } from './value-type.js';

/** Makes a test of a value filter. Throws EvaluationFailure where Custodian would fail as well. */
export function compileValueFilter(filter: ValueFilter, now: Date): (fields: ValueMap) => boolean {
  const { op, valueType } = filter;
  const capture = filter.valueRegex === undefined ? undefined : compileCapture(filter.valueRegex);
  const readKey = (key: string) => {
    const read = compileKey(key);
    if (!capture) return read;
    return (fields: ValueMap) => {
      const value = read(fields);
      return typeof value === 'string' ? capture(value) : null;
    };
  };
  const read = readKey(filter.key);
  const readPath = filter.valuePath === undefined ? undefined : compileKey(filter.valuePath);
  return (fields) => {
    const found = read(fields);
    const sides = {
      left: found === null && (op === 'in' || op === 'not-in') ? emptyTuple : found,
      right: readPath ? readPath(fields) : filter.value,
    };
    if (valueType === undefined) return matches(sides, op);
    const readOther = (key: Value) => (typeof key === 'string' ? readKey(key)(fields) : null);
    return matches(convert(valueType, sides, { now, read: readOther }), op);
  };
}

function matches({ left, right }: Sides, op: Operator | undefined): boolean {
  // These words mean themselves only where they have nothing else to say.
  if (right === 'absent' && left === null) return true;
  if (right === 'present' && left !== null) return true;
  if (right === 'not-null' && isTruthy(left)) return true;
  if (right === 'empty' && !isTruthy(left)) return true;
  try {
    return applyOperator(op ?? 'eq', left, right);
  } catch (error) {
    if (error instanceof TypeMismatch) return false;
    throw error;
  }
}
