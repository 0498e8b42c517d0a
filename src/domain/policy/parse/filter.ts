import type { ItemKind } from '../../cleanup/plan.js';
import type { Filter } from '../filters/syntax.js';
import { parseMarkedForOp } from './marked-for-op.js';
import { didYouMean, isComparable, show } from './place.js';
import type { Place } from './place.js';
import { parseAge, parseLatest } from './snapshot-filters.js';
import { checkKey, checkVariables } from './expressions.js';
import { parseValueFilter } from './value-filter.js';

type Fields = ReadonlyMap<string, Place>;
type FilterParser = (place: Place, fields: Fields, kind: ItemKind) => Filter | undefined;

const parsers: Record<string, { kinds: readonly ItemKind[]; parse: FilterParser }> = {
  value: { kinds: ['stack', 'bucket', 'rds-snapshot'], parse: parseValueFilter },
  'marked-for-op': { kinds: ['stack', 'bucket', 'rds-snapshot'], parse: parseMarkedForOp },
  age: { kinds: ['rds-snapshot'], parse: parseAge },
  latest: { kinds: ['rds-snapshot'], parse: parseLatest },
};

/** Reads the filters of a policy or of a block. */
export function parseFilters(list: Place, kind: ItemKind): Filter[] {
  return (list.asList() ?? []).flatMap((place) => parseFilter(place, kind) ?? []);
}

function parseFilter(place: Place, kind: ItemKind): Filter | undefined {
  if (typeof place.value === 'string') return parseTyped(place, place, new Map(), kind);
  const fields = place.asMap();
  if (!fields) return undefined;
  const type = fields.get('type');
  if (type) return parseTyped(place, type, fields, kind);
  const [only, ...others] = fields;
  if (!only || others.length > 0) {
    place.refuse(
      `${show(place.value)} is not a filter: it must have a \`type\`, or one key only; write each condition as an entry of its own`,
    );
    return undefined;
  }
  const [key, value] = only;
  return isBlock(key) ? parseBlock(key, value, kind) : parseShorthand(key, value, kind);
}

function isBlock(key: string): key is 'and' | 'or' | 'not' {
  return key === 'and' || key === 'or' || key === 'not';
}

function parseBlock(block: 'and' | 'or' | 'not', list: Place, kind: ItemKind): Filter | undefined {
  if (Array.isArray(list.value) && list.value.length === 0) {
    list.refuse(`\`${block}\` is empty: it must hold at least one filter`);
    return undefined;
  }
  const filters = parseFilters(list, kind);
  return filters.length === 0 ? undefined : { kind: block, filters };
}

/** `key: value`, short for a value filter without an operator. */
function parseShorthand(key: string, place: Place, kind: ItemKind): Filter | undefined {
  const { value } = place;
  if (!isComparable(value) || (Array.isArray(value) && value.length > 0)) {
    place.refuseValue(
      'text, a number, true, false, null or []; for more, write a filter of `type: value`',
    );
    return undefined;
  }
  // Custodian fills in variables everywhere but in keys of mappings.
  const literalKey = key.replace(/[{}]/g, '$&$&');
  checkKey(place, literalKey, kind);
  if (typeof value === 'string') checkVariables(place, value);
  return { kind: 'value', key: literalKey, value };
}

function parseTyped(place: Place, type: Place, fields: Fields, kind: ItemKind): Filter | undefined {
  const name = type.asText();
  if (name === undefined) return undefined;
  const known = Object.hasOwn(parsers, name) ? parsers[name] : undefined;
  if (known?.kinds.includes(kind)) return known.parse(place, fields, kind);
  const supported = Object.keys(parsers).filter((candidate) =>
    parsers[candidate]?.kinds.includes(kind),
  );
  const hint = elsewhere[name] ?? '';
  type.refuse(
    `filter type \`${name}\` isn't supported by Nightshift here${didYouMean(name, supported)}; ` +
      `there are ${[...supported, 'and', 'or', 'not'].join(', ')}${hint}; see docs/policies.md`,
  );
  return undefined;
}

const elsewhere: Partial<Record<string, string>> = {
  age: ' (Custodian has `age` for rds-snapshot only; use `type: value` with `value_type: age`)',
  latest: ' (Custodian has `latest` for rds-snapshot only)',
};
