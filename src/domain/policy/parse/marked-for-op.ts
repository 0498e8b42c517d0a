import type { ItemKind } from '../../cleanup/plan.js';
import type { Filter } from '../filters/syntax.js';
import { actionNames } from './action-names.js';
import { checkVariables } from './expressions.js';
import { refuseOtherKeys } from './place.js';
import type { Place } from './place.js';
import { maxDays } from './value-rules.js';

// Custodian's own name for it, from its early days.
const defaultTag = 'maid_status';

export function parseMarkedForOp(
  place: Place,
  fields: ReadonlyMap<string, Place>,
  kind: ItemKind,
): Filter | undefined {
  refuseOtherKeys(
    fields,
    ['type', 'tag', 'op', 'skew', 'skew_hours', 'tz'],
    'filter `marked-for-op`',
  );
  const tag = fields.get('tag');
  const tagName = tag?.asText() ?? defaultTag;
  if (tag) checkVariables(tag, tagName);
  // Which zone makes no difference to when a mark comes due.
  fields.get('tz')?.asText();
  const op = (fields.get('op') ?? place.at('op', undefined)).asOneOf(actionNames[kind]);
  if (op === undefined) return undefined;
  return {
    kind: 'marked-for-op',
    tag: tagName,
    op,
    skewDays: fields.get('skew')?.asNumber(0, maxDays) ?? 0,
    skewHours: fields.get('skew_hours')?.asNumber(0, maxDays * 24) ?? 0,
  };
}
