import type { Filter } from '../filters/syntax.js';
import { isComparable, refuseOtherKeys } from './place.js';
import type { Place } from './place.js';

const orderings = [
  ...['eq', 'equal', 'ne', 'not-equal'],
  ...['gt', 'greater-than', 'ge', 'gte', 'lt', 'less-than', 'le', 'lte'],
  'mod',
] as const;
const memberships = ['in', 'ni', 'not-in'] as const;

/** Reads a value filter of `value_type: resource_count`: it keeps all or nothing. */
export function parseResourceCount(
  filter: Place,
  fields: ReadonlyMap<string, Place>,
): Filter | undefined {
  const known = ['type', 'key', 'value', 'op', 'value_type', 'default'];
  refuseOtherKeys(fields, known, 'filter `value` of `value_type: resource_count`');
  const opPlace = fields.get('op') ?? filter.at('op', undefined);
  const op = opPlace.asOneOf([...orderings, ...memberships]);
  const place = fields.get('value') ?? filter.at('value', undefined);
  const { value } = place;
  if (op === 'in' || op === 'ni' || op === 'not-in') {
    if (Array.isArray(value) && isComparable(value)) return { kind: 'resource-count', op, value };
    place.refuseValue(`a list of whole numbers for \`${op}\``);
    return undefined;
  }
  if (typeof value === 'number' && Number.isInteger(value) && !(op === 'mod' && value === 0)) {
    return op === undefined ? undefined : { kind: 'resource-count', op, value };
  }
  place.refuseValue(`a whole number${op === 'mod' ? ' other than 0' : ''}`);
  return undefined;
}
