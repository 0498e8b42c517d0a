import { z } from 'zod';
import { formatEvr } from '../../src/domain/images/versions/index.js';
import { AwsError } from '../core/aws-error.js';
import type { Incoming } from '../core/dispatcher.js';
import type { Mirror } from '../mirror/mirror.js';
import type { Mirrors } from '../mirror/mirrors.js';
import {
  mirrorPackageSchema,
  mirrorStateSchema,
  whyNotState,
  withoutRelease,
} from '../mirror/schema.js';
import { viewOfMirror, type MirrorView } from '../mirror/view.js';

const addSchema = z.strictObject({
  mirror: z.string(),
  packages: z.array(mirrorPackageSchema).min(1),
});

/** Every version, or every architecture, where none is given. */
const choiceSchema = mirrorPackageSchema.extend({ versions: z.array(z.string()).optional() });
export type MirrorPackageChoice = z.input<typeof choiceSchema>;

const removeSchema = z.strictObject({ mirror: z.string(), packages: z.array(choiceSchema).min(1) });
const stateSchema = z.strictObject({ mirror: z.string(), state: mirrorStateSchema });

type AdminAction = (request: Incoming) => unknown;

/** The admin API's part for mirrors. */
export function mirrorActions(
  mirrors: Mirrors,
  jsonOf: (body: Buffer) => unknown,
): [string, AdminAction][] {
  const view = (mirror: Mirror): MirrorView => viewOfMirror(mirror, mirrors.clock.now());
  return [
    ['GET /_sandbox/mirrors', () => mirrors.all().map(view)],
    ['PATCH /_sandbox/mirrors', ({ body }) => view(setState(mirrors, jsonOf(body)))],
    ['POST /_sandbox/mirrors/packages', ({ body }) => view(add(mirrors, jsonOf(body)))],
    ['DELETE /_sandbox/mirrors/packages', ({ body }) => view(remove(mirrors, jsonOf(body)))],
  ];
}

function setState(mirrors: Mirrors, input: unknown): Mirror {
  const { mirror: name, state } = stateSchema.parse(input);
  const mirror = find(mirrors, name);
  const why = whyNotState(mirror.spec, state);
  if (why !== undefined) throw new AwsError('Refused', `mirror ${name}: ${why}`, 409);
  mirror.setState(state, mirrors.clock.now());
  return mirror;
}

function add(mirrors: Mirrors, input: unknown): Mirror {
  const { mirror: name, packages } = addSchema.parse(input);
  const mirror = madeUp(mirrors, name);
  for (const each of packages) {
    const version = withoutRelease(mirror.spec, each);
    if (version !== undefined)
      throw new AwsError('Refused', `"${version}" needs a release, as in ${version}-1`, 400);
  }
  mirror.add(packages, mirrors.clock.now());
  return mirror;
}

function remove(mirrors: Mirrors, input: unknown): Mirror {
  const { mirror: name, packages } = removeSchema.parse(input);
  const mirror = madeUp(mirrors, name);
  for (const { name: meant, versions, arch } of packages) {
    const removed = mirror.remove(
      (entry) =>
        entry.name === meant &&
        (versions?.includes(formatEvr(entry.evr)) ?? true) &&
        (arch === undefined || [arch].flat().includes(entry.arch)),
      mirrors.clock.now(),
    );
    if (removed === 0) {
      const which = [meant, ...(versions ?? [])].join(' ');
      throw new AwsError('NoSuchPackage', `mirror ${name} has no ${which}`, 404);
    }
  }
  return mirror;
}

function find(mirrors: Mirrors, name: string): Mirror {
  const mirror = mirrors.find(name);
  if (mirror) return mirror;
  const known = mirrors.all().map(({ spec }) => spec.name);
  throw new AwsError(
    'NoSuchMirror',
    `no mirror "${name}"; there are ${known.join(', ') || 'none'}`,
    404,
  );
}

function madeUp(mirrors: Mirrors, name: string): Mirror {
  const mirror = find(mirrors, name);
  if (mirror.spec.kind === 'folder')
    throw new AwsError('Refused', `mirror ${name} is a folder: change its files`, 409);
  return mirror;
}
