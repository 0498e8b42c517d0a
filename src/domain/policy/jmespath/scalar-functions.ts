import { z } from 'zod';
import { EvaluationFailure } from '../errors.js';
import { jsonSchema } from '../json.js';
import { parseFloatingPoint, parseInteger } from '../python/numbers.js';
import { Instant, isMap, lengthOf } from '../python/value.js';
import type { Value } from '../python/value.js';
import type { Argument } from './function-types.js';
import type { JmespathFunction } from './functions.js';
import { jsonText } from './json-text.js';

/** Functions over numbers and text. Arguments have been checked against `parameters`. */
export const scalarFunctions: Record<string, JmespathFunction> = {
  abs: { parameters: ['a number'], run: (number) => Math.abs(Number(number)) },
  ceil: { parameters: ['a number'], run: (number) => Math.ceil(Number(number)) },
  floor: { parameters: ['a number'], run: (number) => Math.floor(Number(number)) },
  ends_with: { parameters: ['text', 'text'], run: (all, end) => text(all).endsWith(text(end)) },
  starts_with: {
    parameters: ['text', 'text'],
    run: (all, start) => text(all).startsWith(text(start)),
  },
  /** Custodian's own. */
  from_json: { parameters: ['text'], run: (document) => fromJson(text(document)) },
  length: { parameters: ['an array, an object or text'], run: (arg) => lengthOf(value(arg)) },
  reverse: {
    parameters: ['an array or text'],
    run: (arg) =>
      Array.isArray(arg) ? arg.toReversed() : Array.from(text(arg)).reverse().join(''),
  },
  /** Custodian's own. */
  split: {
    parameters: ['text', 'text'],
    run: (separator, all) => split(text(separator), text(all)),
  },
  to_number: { parameters: ['anything'], run: toNumber },
  to_string: {
    parameters: ['anything'],
    run: (arg) => (typeof arg === 'string' ? arg : jsonText(value(arg))),
  },
  type: { parameters: ['anything'], run: typeName },
};

function split(separator: string, all: string): string[] {
  if (separator === '') throw new EvaluationFailure('split() has nothing to split by');
  return all.split(separator);
}

function fromJson(document: string): Value {
  try {
    return jsonSchema.parse(JSON.parse(document));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

function toNumber(arg: Argument): Value {
  if (typeof arg === 'number') return arg;
  if (typeof arg !== 'string') return null;
  return parseInteger(arg) ?? parseFloatingPoint(arg) ?? null;
}

function typeName(arg: Argument): Value {
  if (arg instanceof Instant || typeof arg === 'function') return null;
  if (Array.isArray(arg)) return 'array';
  if (arg === null) return 'null';
  return isMap(arg) ? 'object' : typeof arg;
}

function value(arg: Argument): Value {
  return typeof arg === 'function' ? null : arg;
}

function text(arg: Argument): string {
  return typeof arg === 'string' ? arg : '';
}
