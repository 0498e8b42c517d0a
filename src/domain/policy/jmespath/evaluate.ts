import { EvaluationFailure } from '../errors.js';
import { equals, order } from '../python/compare.js';
import { asNumber, field, isMap, isTruthy } from '../python/value.js';
import type { Value } from '../python/value.js';
import type { Expression } from './expression.js';
import { callFunction } from './functions.js';

type Comparator = Extract<Expression, { type: 'Comparator' }>;
type FunctionCall = Extract<Expression, { type: 'Function' }>;
type SliceSteps = Extract<Expression, { type: 'Slice' }>['children'];

/** Evaluates as jmespath.py does. Throws EvaluationFailure where that raises an error. */
export function evaluate(expression: Expression, value: Value): Value {
  switch (expression.type) {
    case 'Field':
      return isMap(value) ? field(value, expression.name) : null;
    case 'Literal':
      return expression.value;
    case 'Identity':
    case 'Current':
      return value;
    case 'Index':
      return Array.isArray(value) ? (value.at(expression.value) ?? null) : null;
    case 'Slice':
      return Array.isArray(value) ? slice(value, expression.children) : null;
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
      return evaluate(expression.children[1], evaluate(expression.children[0], value));
    case 'Projection':
      return project(evaluate(expression.children[0], value), expression.children[1]);
    case 'ValueProjection':
      return project(valuesOf(evaluate(expression.children[0], value)), expression.children[1]);
    case 'FilterProjection': {
      const [base, each, condition] = expression.children;
      const items = evaluate(base, value);
      if (!Array.isArray(items)) return null;
      return project(
        items.filter((item) => holds(evaluate(condition, item))),
        each,
      );
    }
    case 'Flatten': {
      const list = evaluate(expression.children[0], value);
      return Array.isArray(list) ? list.flat() : null;
    }
    case 'OrExpression':
    case 'AndExpression': {
      const left = evaluate(expression.children[0], value);
      const decided = holds(left) === (expression.type === 'OrExpression');
      return decided ? left : evaluate(expression.children[1], value);
    }
    case 'NotExpression':
      return not(evaluate(expression.children[0], value));
    case 'Comparator':
      return compare(expression, value);
    case 'MultiSelectList':
      return value === null ? null : expression.children.map((child) => evaluate(child, value));
    case 'MultiSelectHash':
      if (value === null) return null;
      return Object.fromEntries(
        expression.children.map(({ name, value: child }) => [name, evaluate(child, value)]),
      );
    case 'Function':
      return call(expression, value);
    case 'ExpressionReference':
      throw new EvaluationFailure('&expression stands outside a function');
  }
}

function project(items: Value, each: Expression): Value {
  if (!Array.isArray(items)) return null;
  return items.map((item) => evaluate(each, item)).filter((result) => result !== null);
}

function valuesOf(value: Value): Value[] | null {
  return isMap(value) ? Object.values(value) : null;
}

function slice(list: Value[], [from, to, by]: SliceSteps): Value[] {
  const step = by ?? 1;
  if (step === 0) throw new EvaluationFailure('a slice has step 0');
  const forward = step > 0;
  const bound = (index: number) => {
    const counted = index < 0 ? index + list.length : index;
    return Math.min(Math.max(counted, forward ? 0 : -1), forward ? list.length : list.length - 1);
  };
  const start = from === null ? (forward ? 0 : list.length - 1) : bound(from);
  const stop = to === null ? (forward ? list.length : -1) : bound(to);
  const taken: Value[] = [];
  for (let index = start; forward ? index < stop : index > stop; index += step) {
    taken.push(list[index] ?? null);
  }
  return taken;
}

// Truth in JMESPath: 0 is true, unlike in Python.
function holds(value: Value): boolean {
  return value === 0 || isTruthy(value);
}

function not(value: Value): boolean {
  return !holds(value);
}

function compare({ name, children }: Comparator, value: Value): Value {
  const left = evaluate(children[0], value);
  const right = evaluate(children[1], value);
  if (name === 'EQ') return same(left, right);
  if (name === 'NE') return !same(left, right);
  // Numbers and text have an order; a mix of the two is an error in Python.
  if (!isOrdered(left) || !isOrdered(right)) return null;
  if (typeof left !== typeof right) throw new EvaluationFailure('a number is compared with text');
  const found = order(left, right);
  switch (name) {
    case 'GT':
      return found > 0;
    case 'GTE':
      return found >= 0;
    case 'LT':
      return found < 0;
    case 'LTE':
      return found <= 0;
  }
}

function isOrdered(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'string';
}

// jmespath.py keeps 0 and 1 apart from false and true, though Python doesn't.
function same(left: Value, right: Value): boolean {
  const mixed = typeof left !== typeof right;
  if (mixed && asNumber(left) !== undefined && asNumber(right) !== undefined) return false;
  return equals(left, right);
}

function call({ name, children }: FunctionCall, value: Value): Value {
  const results = children.map((child) => {
    if (child.type !== 'ExpressionReference') return evaluate(child, value);
    const [referred] = child.children;
    return (item: Value) => evaluate(referred, item);
  });
  return callFunction(name, results);
}
