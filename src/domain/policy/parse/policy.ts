import { itemKinds } from '../../cleanup/plan.js';
import type { ItemKind } from '../../cleanup/plan.js';
import { resourceTypes } from '../fields.js';
import type { Policy } from '../policy.js';
import { parseActions } from './action.js';
import { parseFilters } from './filter.js';
import { parseLimits } from './limits.js';
import { parseOptions } from './options.js';
import { didYouMean } from './place.js';
import type { Place } from './place.js';

/** Keys that say nothing about what is selected or done, whatever is in them. */
const ignored = ['title', 'comment', 'comments', 'tags'];

const read = [
  'name',
  'resource',
  'description',
  'metadata',
  'filters',
  'actions',
  'query',
  'source',
  'mode',
];
const limits = ['max-resources', 'max-resources-percent'];

const refused: Partial<Record<string, string>> = {
  conditions: 'say where and when a policy runs in nightshift.yaml',
  region: 'name the regions in nightshift.yaml or with --region',
  start: 'schedules are in nightshift.yaml',
  end: 'schedules are in nightshift.yaml',
  tz: 'schedules and their time zones are in nightshift.yaml',
};

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z0-9_]+)*$/;

/** Reads one policy; undefined when it holds mistakes, which `place` has collected then. */
export function parsePolicy(place: Place): Policy | undefined {
  const unnamed = place.asMap();
  if (!unnamed) return undefined;
  const name = nameOf(unnamed.get('name') ?? place.at('name', undefined));
  const named = name === undefined ? place : place.within(name);
  const fields = named.asMap() ?? new Map<string, Place>();
  refuseKeys(fields);
  const description = fields.get('description');
  const text = description && description.value !== null ? description.asText() : undefined;
  const resourceLimits = parseLimits(fields);
  const kind = kindOf(fields.get('resource') ?? named.at('resource', undefined));
  if (kind === undefined) return undefined;
  refuseOtherSources(fields, kind);
  const filters = fields.get('filters');
  const parsedFilters = filters && filters.value !== null ? parseFilters(filters, kind) : [];
  const action = parseActions(named, fields.get('actions'), kind);
  if (!action) return undefined;
  const options = parseOptions(fields.get('metadata'), kind, action);
  if (name === undefined || !options) return undefined;
  return {
    name,
    resource: kind,
    filters: parsedFilters,
    action: action.action,
    options,
    source: place.source,
    ...(text === undefined ? {} : { description: text }),
    ...(resourceLimits ? { limits: resourceLimits } : {}),
  };
}

function nameOf(place: Place): string | undefined {
  if (typeof place.value === 'string' && namePattern.test(place.value)) return place.value;
  place.refuseValue(
    'a name of letters, digits and _, in which single - may stand: delete-old-stacks',
  );
  return undefined;
}

function kindOf(place: Place): ItemKind | undefined {
  const kind = itemKinds.find((candidate) =>
    resourceTypes[candidate].names.some((name) => name === place.value),
  );
  if (kind === undefined) {
    const names = itemKinds.flatMap((candidate) => resourceTypes[candidate].names);
    place.refuseValue(`one of ${names.join(', ')}${didYouMean(place.value, names)}`);
  }
  return kind;
}

function refuseKeys(fields: ReadonlyMap<string, Place>): void {
  const known = [...read, ...limits, ...ignored];
  for (const [key, place] of fields) {
    if (known.includes(key)) continue;
    const instead = refused[key];
    place.refuse(
      instead === undefined
        ? `a policy has no key \`${key}\`${didYouMean(key, known)}; there are ${known.join(', ')}`
        : `\`${key}\` isn't supported by Nightshift: ${instead}`,
    );
  }
}

/** What would have Custodian look at other resources, or at another time. */
function refuseOtherSources(fields: ReadonlyMap<string, Place>, kind: ItemKind): void {
  const source = fields.get('source');
  if (source && source.value !== 'describe') {
    source.refuseValue('describe: Nightshift asks the services themselves');
  }
  const mode = fields.get('mode');
  if (mode && mode.asMap()?.get('type')?.value !== 'pull') {
    mode.refuse(
      "`mode` isn't supported by Nightshift, except `type: pull`: schedules are in nightshift.yaml",
    );
  }
  for (const query of fields.get('query')?.asList() ?? []) {
    const keys = query.asMap()?.keys() ?? [];
    // Which documents of a bucket are fetched follows from the filters.
    const harmless = kind === 'bucket' && [...keys].every((key) => key === 'augment-keys');
    if (!harmless) {
      query.refuse(
        "`query` isn't supported by Nightshift, except `augment-keys` of aws.s3: write filters",
      );
    }
  }
}
