import { resourceTypes } from './fields.js';
import type { AgeFilter, Filter, Operator, ValueFilter } from './filters/syntax.js';
import type { Policy } from './policy.js';

/**
 * Whether nothing keeps a policy from selecting every resource there is: it has no filter, or only
 * such as let everything pass. It errs towards true for filters that take all or nothing
 * (`resource_count`), and doesn't see through every pattern.
 */
export function matchesEverything({ filters, resource }: Policy): boolean {
  const { alwaysSet, moments } = resourceTypes[resource];
  const times = new Set(moments.map(([name]) => name));
  const known = { alwaysSet: new Set(alwaysSet), times };
  return filters.every((filter) => takesAll(filter, known));
}

interface Known {
  alwaysSet: ReadonlySet<string>;
  times: ReadonlySet<string>;
}

function takesAll(filter: Filter, known: Known): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.every((part) => takesAll(part, known));
    case 'or':
      return filter.filters.some((part) => takesAll(part, known)) || haveOpposites(filter.filters);
    case 'not':
      return filter.filters.some((part) => takesNone(part, known));
    case 'value':
      return valueTakesAll(filter, known);
    case 'age':
      return ageTakesAll(filter);
    case 'resource-count':
      return true;
    case 'latest':
    case 'marked-for-op':
      return false;
  }
}

function takesNone(filter: Filter, known: Known): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.filters.some((part) => takesNone(part, known));
    case 'or':
      return filter.filters.every((part) => takesNone(part, known));
    case 'not':
      return filter.filters.every((part) => takesAll(part, known));
    case 'value':
      return (
        isPlain(filter) && known.alwaysSet.has(filter.key) && isWord(filter, 'absent', 'empty')
      );
    case 'resource-count':
      return true;
    case 'age':
    case 'latest':
    case 'marked-for-op':
      return false;
  }
}

function valueTakesAll(filter: ValueFilter, { alwaysSet, times }: Known): boolean {
  const { key, value, op, valueType } = filter;
  if (!alwaysSet.has(key)) return false;
  if (valueType === 'age' && times.has(key)) return isPast(op) && Number(value) <= 0;
  if (!isPlain(filter)) return false;
  if (isWord(filter, 'present', 'not-null')) return true;
  if (times.has(key) || typeof value !== 'string') return false;
  if (op === 'glob') return /^\*+$/.test(value);
  return (op === 'regex' || op === 'regex-case') && /^\^?\(?(\.[*+]\??)?\)?\$?$/.test(value);
}

function ageTakesAll({ op, days }: AgeFilter): boolean {
  return isPast(op) && days <= 0;
}

// Everything was made before now.
function isPast(op: Operator | undefined): boolean {
  return op === 'gt' || op === 'greater-than' || op === 'ge' || op === 'gte';
}

function isPlain({ valueType, valueRegex, valuePath }: ValueFilter): boolean {
  return valueType === undefined && valueRegex === undefined && valuePath === undefined;
}

function isWord({ value }: ValueFilter, ...words: string[]): boolean {
  return typeof value === 'string' && words.includes(value);
}

// `tag:x: present` or `tag:x: absent`; a filter or its `not`.
function haveOpposites(filters: readonly Filter[]): boolean {
  const texts = new Set(filters.map((filter) => JSON.stringify(filter)));
  return filters.some((filter) => {
    if (filter.kind === 'not' && filter.filters.length === 1) {
      return texts.has(JSON.stringify(filter.filters[0]));
    }
    return filter.kind === 'value' && filter.value === 'present'
      ? texts.has(JSON.stringify({ ...filter, value: 'absent' }))
      : false;
  });
}
