import { fieldsOfKey } from './filters/key.js';
import type { Filter } from './filters/syntax.js';
import type { Policy } from './policy.js';
import { expandText } from './variables.js';

/** Top-level fields of its resources that a policy's filters read. */
export function neededFields(policy: Policy): Set<string> {
  return new Set(policy.filters.flatMap(fieldsOf));
}

function fieldsOf(filter: Filter): string[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
    case 'not':
      return filter.filters.flatMap(fieldsOf);
    case 'value':
      return keysOf(filter).flatMap((key) => [...(fieldsOfKey(withoutVariables(key)) ?? [])]);
    case 'resource-count':
      return [];
    case 'age':
      return ['SnapshotCreateTime'];
    case 'latest':
      return ['DBInstanceIdentifier', 'SnapshotCreateTime', 'SnapshotType'];
    case 'marked-for-op':
      return ['Tags'];
  }
}

function keysOf({
  key,
  value,
  valueType,
  valuePath,
}: Extract<Filter, { kind: 'value' }>): string[] {
  const other = valueType === 'expr' && typeof value === 'string' ? [value] : [];
  return [key, ...(valuePath === undefined ? other : [valuePath])];
}

// Which account and region it is doesn't change which fields an expression reads.
function withoutVariables(key: string): string {
  return expandText(key, { accountId: '111111111111', region: 'us-east-1' });
}
