import type { ItemKind } from '../../cleanup/plan.js';
import { operators, valueTypes } from '../filters/syntax.js';
import type { Filter, Operator } from '../filters/syntax.js';
import type { Json } from '../json.js';
import { checkCapture, checkKey } from './expressions.js';
import { isComparable, refuseOtherKeys } from './place.js';
import type { Place } from './place.js';
import { parseResourceCount } from './resource-count.js';
import { checkValue } from './value-rules.js';

const keys = ['type', 'key', 'value', 'op', 'value_type', 'value_regex', 'value_path', 'default'];

// Custodian has these as well. Nightshift refuses them by name.
const refusedKeys: Partial<Record<string, string>> = {
  value_from: 'write the values in the policy',
  tag_key_transforms: 'name the tag as it is spelled; use `or` for several spellings',
};

/** Reads a filter of `type: value`. */
export function parseValueFilter(
  place: Place,
  fields: ReadonlyMap<string, Place>,
  kind: ItemKind,
): Filter | undefined {
  refuseKeys(fields);
  const typePlace = fields.get('value_type');
  if (typePlace?.value === 'resource_count') return parseResourceCount(place, fields);
  const valueType = typePlace?.asOneOf([...valueTypes, 'resource_count'] as const);
  if (valueType === 'resource_count') return undefined;
  const op = fields.get('op')?.asOneOf(operators);
  const key = keyOf(place, fields, kind);
  const valuePath = pathOf(fields, kind);
  const valueRegex = captureOf(fields);
  // What takes the place of `value` is refused already.
  const elsewhere = valuePath !== undefined || fields.has('value_from');
  const value = valueOf(place, fields, elsewhere);
  if (key === undefined || value === undefined) return undefined;
  if (valuePath === undefined) checkValue(value, { op, valueType, kind });
  else refuseWithPath(fields, { op, valueType });
  return {
    kind: 'value',
    key,
    value: value.value,
    ...(op === undefined ? {} : { op }),
    ...(valueType === undefined ? {} : { valueType }),
    ...(valueRegex === undefined ? {} : { valueRegex }),
    ...(valuePath === undefined ? {} : { valuePath }),
  };
}

function refuseKeys(fields: ReadonlyMap<string, Place>): void {
  for (const [key, hint] of Object.entries(refusedKeys)) {
    fields.get(key)?.refuse(`\`${key}\` isn't supported by Nightshift: ${hint ?? ''}`);
  }
  const known = new Map([...fields].filter(([key]) => refusedKeys[key] === undefined));
  refuseOtherKeys(known, keys, 'filter `value`');
}

function keyOf(
  place: Place,
  fields: ReadonlyMap<string, Place>,
  kind: ItemKind,
): string | undefined {
  const keyPlace = fields.get('key') ?? place.at('key', undefined);
  const key = keyPlace.asText();
  if (key !== undefined) checkKey(keyPlace, key, kind);
  return key;
}

function pathOf(fields: ReadonlyMap<string, Place>, kind: ItemKind): string | undefined {
  const place = fields.get('value_path');
  const path = place?.asText();
  if (!place || path === undefined) return undefined;
  // Custodian searches with it as it is: `tag:` means nothing here, and isn't JMESPath.
  if (path.startsWith('tag:')) place.refuse('`value_path` is JMESPath, which has no tag:NAME');
  else checkKey(place, path, kind);
  return path;
}

function captureOf(fields: ReadonlyMap<string, Place>): string | undefined {
  const place = fields.get('value_regex');
  const pattern = place?.asText();
  if (place && pattern !== undefined) checkCapture(place, pattern);
  return pattern;
}

function valueOf(
  filter: Place,
  fields: ReadonlyMap<string, Place>,
  optional: boolean,
): Place<Json> | undefined {
  const place = fields.get('value') ?? filter.at('value', optional ? null : undefined);
  if (isComparable(place.value)) return place.holding(place.value);
  place.refuseValue('text, a number, true, false, null or a list of them');
  return undefined;
}

/** Value types whose value must be known when the policy is read: Custodian fails on what a path may give. */
const typesOfWrittenValues: readonly string[] = ['age', 'date', 'expiration', 'expr'];

function refuseWithPath(
  fields: ReadonlyMap<string, Place>,
  { op, valueType }: { op: Operator | undefined; valueType: string | undefined },
): void {
  const place = fields.get('value_path');
  if (op === 'regex' || op === 'regex-case') {
    place?.refuse(`\`${op}\` takes its pattern from \`value\`, not from \`value_path\``);
  }
  if (valueType !== undefined && typesOfWrittenValues.includes(valueType)) {
    place?.refuse(
      `\`value_type: ${valueType}\` takes its value from \`value\`, not from \`value_path\``,
    );
  }
}
