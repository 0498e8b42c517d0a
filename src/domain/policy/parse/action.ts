import type { ItemKind } from '../../cleanup/plan.js';
import type { DeleteAction } from '../policy.js';
import { refuseOtherKeys } from './place.js';
import type { Place } from './place.js';

/** Options of `delete` by resource, as Custodian names them. */
const optionNames: Readonly<Record<ItemKind, readonly string[]>> = {
  stack: ['force'],
  bucket: ['remove-contents'],
  'rds-snapshot': [],
};

export interface ParsedAction {
  action: DeleteAction;
  /** `force` as it was written, which may be not at all. */
  force?: boolean | undefined;
}

/** Reads `actions`, which must be one `delete`. */
export function parseActions(
  policy: Place,
  list: Place | undefined,
  kind: ItemKind,
): ParsedAction | undefined {
  if (!list || list.value === null) {
    policy.at('actions', undefined).refuseValue('a list with the action delete');
    return undefined;
  }
  const places = list.asList();
  if (!places) return undefined;
  const deletes = places.flatMap((place) => parseAction(place, kind) ?? []);
  if (places.length === 0 || deletes.length > 1) {
    list.refuse('actions must hold the action delete, once');
  }
  return deletes[0];
}

function parseAction(place: Place, kind: ItemKind): ParsedAction | undefined {
  if (place.value === 'delete') return { action: action(undefined, undefined) };
  const fields = typeof place.value === 'string' ? new Map<string, Place>() : place.asMap();
  if (!fields) return undefined;
  const type =
    typeof place.value === 'string' ? place : (fields.get('type') ?? place.at('type', undefined));
  const name = type.asText();
  if (name === undefined) return undefined;
  if (name !== 'delete') {
    type.refuse(
      `action type \`${name}\` isn't supported by Nightshift; the only one is delete; see docs/policies.md`,
    );
    return undefined;
  }
  refuseOtherKeys(fields, ['type', ...optionNames[kind]], 'action `delete`');
  const force = fields.get('force')?.asBoolean();
  return { action: action(force, fields.get('remove-contents')?.asBoolean()), force };
}

// Custodian's defaults.
function action(force = false, removeContents = true): DeleteAction {
  return { type: 'delete', force, removeContents };
}
