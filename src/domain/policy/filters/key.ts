import { evaluate } from '../jmespath/evaluate.js';
import { compileJmespath } from '../jmespath/compile.js';
import { rootFields } from '../jmespath/root-fields.js';
import type { Value, ValueMap } from '../python/value.js';
import { tagValue } from './resource.js';

const tagPrefix = 'tag:';

/** Reads what a key names: `tag:NAME`, or JMESPath, of which a field's name is the simplest. */
export function compileKey(key: string): (fields: ValueMap) => Value {
  if (key.startsWith(tagPrefix)) return (fields) => tagValue(fields, key.slice(tagPrefix.length));
  const expression = compileJmespath(key);
  return (fields) => evaluate(expression, fields);
}

/** Top-level fields that a key reads; undefined when it reads the resource as a whole. */
export function fieldsOfKey(key: string): Set<string> | undefined {
  return key.startsWith(tagPrefix) ? new Set(['Tags']) : rootFields(compileJmespath(key));
}
