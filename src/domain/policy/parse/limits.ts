import type { ResourceLimits } from '../policy.js';
import { refuseOtherKeys } from './place.js';
import type { Place } from './place.js';

/** Reads `max-resources` and `max-resources-percent`. */
export function parseLimits(fields: ReadonlyMap<string, Place>): ResourceLimits | undefined {
  const most = fields.get('max-resources');
  const ofPercent = fields.get('max-resources-percent')?.asNumber(0, 100);
  const limits =
    most === undefined || most.value === null
      ? {}
      : typeof most.value === 'number'
        ? { amount: amountOf(most) }
        : parseMap(most);
  const { amount, op = 'or' } = limits;
  const percent = ofPercent ?? limits.percent;
  if (amount === undefined && percent === undefined) return undefined;
  return {
    op,
    ...(amount === undefined ? {} : { amount }),
    ...(percent === undefined ? {} : { percent }),
  };
}

interface Limits {
  amount?: number | undefined;
  percent?: number | undefined;
  op?: 'or' | 'and' | undefined;
}

function parseMap(place: Place): Limits {
  const fields = place.asMap();
  if (!fields) return {};
  refuseOtherKeys(fields, ['amount', 'percent', 'op'], '`max-resources`');
  const amount = fields.get('amount');
  return {
    amount: amount && amountOf(amount),
    percent: fields.get('percent')?.asNumber(0, 100),
    op: fields.get('op')?.asOneOf(['or', 'and'] as const),
  };
}

function amountOf(place: Place): number | undefined {
  if (typeof place.value === 'number' && Number.isInteger(place.value) && place.value >= 1)
    return place.value;
  place.refuseValue('a whole number, 1 or more');
  return undefined;
}
