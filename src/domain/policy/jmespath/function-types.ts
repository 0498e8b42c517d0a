import { EmptyTuple, Instant, isMap } from '../python/value.js';
import type { Value } from '../python/value.js';

/** `&expression`, to be evaluated for each item. */
export type Reference = (item: Value) => Value;
export type Argument = Value | Reference;

export type ParameterType =
  | 'anything'
  | 'a number'
  | 'text'
  | 'an object'
  | 'an array'
  | 'an array or text'
  | 'an array, an object or text'
  | 'an array of numbers'
  | 'an array of text'
  | 'an array of numbers or of text'
  | 'an &expression';

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isText = (value: unknown): value is string => typeof value === 'string';
const isList = (value: Argument): value is Value[] => Array.isArray(value);
const isObject = (value: Argument) => typeof value !== 'function' && isMap(value);

const tests: Record<ParameterType, (value: Argument) => boolean> = {
  anything: (value) => typeof value !== 'function',
  'a number': isNumber,
  text: isText,
  'an object': isObject,
  'an array': isList,
  'an array or text': (value) => isList(value) || isText(value),
  'an array, an object or text': (value) => isList(value) || isText(value) || isObject(value),
  'an array of numbers': (value) => isList(value) && value.every(isNumber),
  'an array of text': (value) => isList(value) && value.every(isText),
  'an array of numbers or of text': (value) =>
    isList(value) && (value.every(isNumber) || value.every(isText)),
  'an &expression': (value) => typeof value === 'function',
};

export function takes(type: ParameterType, value: Argument): boolean {
  return tests[type](value);
}

export function nameOfType(value: Argument | undefined): string {
  if (typeof value === 'function') return 'an &expression';
  if (value === undefined || value === null) return 'null';
  if (value instanceof Instant) return 'a date';
  if (value instanceof EmptyTuple || Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'a boolean' : 'an object';
}
