import type { ItemKind } from '../../cleanup/plan.js';
import { toInstant } from '../dates/value.js';
import type { Operator, ValueType } from '../filters/syntax.js';
import type { Json } from '../json.js';
import { checkKey, checkPattern, checkVariables } from './expressions.js';
import type { Place } from './place.js';

/** Python's calendar ends in the year 9999 and begins in 1: a distance that stays within it. */
export const maxDays = 700_000;

// Only what a text says by itself decides whether it is a date; what it leaves out can be any day.
const anyDay = new Date(Date.UTC(2000, 0, 1));

/** Refuses values that make no sense to an operator or a value type; Custodian fails on most. */
export function checkValue(
  place: Place<Json>,
  {
    op,
    valueType,
    kind,
  }: { op: Operator | undefined; valueType: ValueType | undefined; kind: ItemKind },
): void {
  const { value } = place;
  checkTexts(place);
  if (valueType === 'age' || valueType === 'expiration') place.asNumber(-maxDays, maxDays);
  if (valueType === 'date' && !toInstant(value, anyDay)) {
    place.refuseValue('a date, as "2024-05-01" or "2024-05-01T10:00:00Z"');
  }
  if (valueType === 'expr') {
    const key = place.asText();
    if (key !== undefined) checkKey(place, key, kind);
  }
  if (op === 'regex' || op === 'regex-case') {
    const pattern = place.asText();
    if (pattern !== undefined) checkPattern(place, pattern);
  }
  const divides = op === 'mod' && valueType !== 'swap' && valueType !== 'expr';
  if (divides && (typeof value !== 'number' || value === 0))
    place.refuseValue('a number other than 0');
}

function checkTexts(place: Place<Json>): void {
  const { value } = place;
  if (typeof value === 'string') checkVariables(place, value);
  if (Array.isArray(value)) value.forEach((item, index) => checkTexts(place.at(index, item)));
}
