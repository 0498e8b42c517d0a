import type { Filter } from './syntax.js';

/** A filter in a few words, for people: `tag:ephemeral eq "true"`. */
export function describeFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
    case 'not':
      return `${filter.kind}: [${filter.filters.map(describeFilter).join('; ')}]`;
    case 'value': {
      const type = filter.valueType === undefined ? '' : ` (${filter.valueType})`;
      const value = filter.valuePath ?? JSON.stringify(filter.value);
      return `${filter.key}${type} ${filter.op ?? 'eq'} ${value}`;
    }
    case 'resource-count':
      return `resource_count ${filter.op} ${JSON.stringify(filter.value)}`;
    case 'age':
      return `age ${filter.op} ${filter.days} days`;
    case 'latest':
      return filter.automatic ? 'latest' : 'latest of the manual ones';
    case 'marked-for-op':
      return `marked-for-op ${filter.op} in tag:${filter.tag}`;
  }
}
