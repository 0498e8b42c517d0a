import { EvaluationFailure } from '../errors.js';
import { contains } from '../python/collections.js';
import { order } from '../python/compare.js';
import { isMap } from '../python/value.js';
import type { Value } from '../python/value.js';
import type { Argument, Reference } from './function-types.js';
import type { JmespathFunction } from './functions.js';

/** Functions over arrays and objects. Arguments have been checked against `parameters`. */
export const arrayFunctions: Record<string, JmespathFunction> = {
  avg: {
    parameters: ['an array of numbers'],
    run: (list) => (items(list).length === 0 ? null : sum(list) / items(list).length),
  },
  contains: {
    parameters: ['an array or text', 'anything'],
    run: (subject, search) => includes(value(subject), value(search)),
  },
  join: {
    parameters: ['text', 'an array of text'],
    run: (separator, list) =>
      items(list)
        .map(String)
        .join(typeof separator === 'string' ? separator : ''),
  },
  keys: { parameters: ['an object'], run: (map) => Object.keys(entries(map)) },
  map: {
    parameters: ['an &expression', 'an array'],
    run: (each, list) => items(list).map(reference(each)),
  },
  max: {
    parameters: ['an array of numbers or of text'],
    run: (list) => foremost(items(list), (a, b) => order(b, a)) ?? null,
  },
  max_by: {
    parameters: ['an array', 'an &expression'],
    run: (list, by) => foremost(keyed(list, by), (a, b) => order(b.key, a.key))?.item ?? null,
  },
  merge: {
    parameters: ['an object'],
    variadic: true,
    run: (...maps) => Object.assign({}, ...maps.map(entries)) as Record<string, Value>,
  },
  min: {
    parameters: ['an array of numbers or of text'],
    run: (list) => foremost(items(list), order) ?? null,
  },
  min_by: {
    parameters: ['an array', 'an &expression'],
    run: (list, by) => foremost(keyed(list, by), (a, b) => order(a.key, b.key))?.item ?? null,
  },
  not_null: {
    parameters: ['anything'],
    variadic: true,
    run: (...args) => args.map(value).find((arg) => arg !== null) ?? null,
  },
  sort: {
    parameters: ['an array of numbers or of text'],
    run: (list) => items(list).toSorted(order),
  },
  sort_by: { parameters: ['an array', 'an &expression'], run: sortBy },
  sum: { parameters: ['an array of numbers'], run: sum },
  to_array: {
    parameters: ['anything'],
    run: (arg) => (Array.isArray(arg) ? arg : [value(arg)]),
  },
  values: { parameters: ['an object'], run: (map) => Object.values(entries(map)) },
};

function includes(subject: Value, search: Value): boolean {
  if (typeof subject === 'string' && typeof search !== 'string') {
    throw new EvaluationFailure('contains() looks in text for something else');
  }
  return contains(subject, search);
}

function sortBy(list: Argument, by: Argument): Value {
  return keyed(list, by)
    .toSorted((a, b) => order(a.key, b.key))
    .map(({ item }) => item);
}

function keyed(list: Argument, by: Argument): { item: Value; key: number | string }[] {
  const pairs = items(list).map((item) => {
    const key = reference(by)(item);
    if (typeof key === 'number' || typeof key === 'string') return { item, key };
    throw new EvaluationFailure('an &expression to go by must give numbers or text');
  });
  if (pairs.some(({ key }) => typeof key !== typeof pairs[0]?.key)) {
    throw new EvaluationFailure('an &expression to go by gives both numbers and text');
  }
  return pairs;
}

// Of several that stand foremost the first, as for Python's min and max.
function foremost<T>(list: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  const [head, ...rest] = list;
  if (head === undefined) return undefined;
  return rest.reduce((best, item) => (compare(item, best) < 0 ? item : best), head);
}

function sum(list: Argument): number {
  return items(list).reduce<number>((total, item) => total + Number(item), 0);
}

function items(list: Argument): Value[] {
  return Array.isArray(list) ? list : [];
}

function entries(map: Argument): Record<string, Value> {
  return typeof map !== 'function' && isMap(map) ? map : {};
}

function value(arg: Argument): Value {
  if (typeof arg === 'function') throw new EvaluationFailure('an &expression is no value');
  return arg;
}

function reference(arg: Argument): Reference {
  if (typeof arg !== 'function') throw new EvaluationFailure('an &expression is missing');
  return arg;
}
