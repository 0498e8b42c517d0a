import type { ItemKind } from '../../cleanup/plan.js';
import type { Filter } from '../filters/syntax.js';
import { refuseOtherKeys } from './place.js';
import type { Place } from './place.js';
import { maxDays } from './value-rules.js';

type Fields = ReadonlyMap<string, Place>;

const orderings = [
  ...['eq', 'equal', 'ne', 'not-equal'],
  ...['gt', 'greater-than', 'ge', 'gte', 'lt', 'less-than', 'le', 'lte'],
] as const;

export function parseAge(_place: Place, fields: Fields, _kind: ItemKind): Filter | undefined {
  refuseOtherKeys(fields, ['type', 'days', 'op'], 'filter `age`');
  const days = fields.get('days');
  const op = fields.get('op');
  return {
    kind: 'age',
    days: days ? (days.asNumber(-maxDays, maxDays) ?? 0) : 0,
    op: op ? (op.asOneOf(orderings) ?? 'greater-than') : 'greater-than',
  };
}

export function parseLatest(_place: Place, fields: Fields, _kind: ItemKind): Filter {
  refuseOtherKeys(fields, ['type', 'automatic'], 'filter `latest`');
  return { kind: 'latest', automatic: fields.get('automatic')?.asBoolean() ?? true };
}
