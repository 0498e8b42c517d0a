import type { ItemKind } from '../../cleanup/plan.js';
import { parseInput } from '../../config/issues.js';
import { InvalidInputError } from '../../errors.js';
import { policyOptionsSchema, resourceOptionsSchema, stackOptionsSchema } from '../options.js';
import type { NightshiftPolicyOptions } from '../options.js';
import type { ParsedAction } from './action.js';
import type { Place } from './place.js';

/** Reads `metadata.nightshift`. The rest of `metadata` is anybody's. */
export function parseOptions(
  metadata: Place | undefined,
  kind: ItemKind,
  { action, force }: ParsedAction,
): NightshiftPolicyOptions | undefined {
  const fields = metadata?.asMap();
  const place = fields?.get('nightshift');
  const written = readSchema(place, kind);
  if (!written) return undefined;
  const terminationProtection = protectionOf(written, force, place);
  return policyOptionsSchema.parse({
    ...written,
    terminationProtection,
    // What a bucket's policy says in its action.
    ...(kind === 'bucket' ? { nonEmptyBuckets: action.removeContents ? 'empty' : 'fail' } : {}),
  });
}

type Written = Partial<NightshiftPolicyOptions>;

function readSchema(place: Place | undefined, kind: ItemKind): Written | undefined {
  const schema = kind === 'stack' ? stackOptionsSchema : resourceOptionsSchema;
  if (kind !== 'stack' && place) refuseStackOptions(place, kind);
  try {
    return parseInput<typeof stackOptionsSchema | typeof resourceOptionsSchema>(
      schema,
      withoutStackOptions(place?.value ?? {}, kind),
      place?.source ?? '',
    );
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    for (const issue of error.issues) place?.refuseBelow(issue);
    return undefined;
  }
}

const stackOptions = Object.keys(stackOptionsSchema.shape).filter(
  (name) => !Object.hasOwn(resourceOptionsSchema.shape, name),
);

function refuseStackOptions(place: Place, kind: ItemKind): void {
  for (const [name, option] of place.asMap() ?? []) {
    if (!stackOptions.includes(name)) continue;
    const instead =
      kind === 'bucket' && name === 'nonEmptyBuckets'
        ? '; the option `remove-contents` of the action delete says it for buckets'
        : '';
    option.refuse(`\`${name}\` is an option for aws.cfn only${instead}`);
  }
}

function withoutStackOptions(value: unknown, kind: ItemKind): unknown {
  if (kind === 'stack' || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !stackOptions.includes(name)));
}

function protectionOf(
  { terminationProtection }: Written,
  force: boolean | undefined,
  place: Place | undefined,
): 'skip' | 'disable' {
  const forced = force === undefined ? undefined : force ? 'disable' : 'skip';
  if (
    forced !== undefined &&
    terminationProtection !== undefined &&
    forced !== terminationProtection
  ) {
    place
      ?.at('terminationProtection', terminationProtection)
      .refuse(
        `${JSON.stringify(terminationProtection)} contradicts \`force: ${force ?? false}\` of the action delete, which means ${forced}`,
      );
  }
  return terminationProtection ?? forced ?? 'skip';
}
