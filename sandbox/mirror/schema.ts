import { z } from 'zod';
import { parseEvr } from '../../src/domain/images/versions/index.js';

const text = z.string().min(1);

const evrSchema = z.string().refine((value) => faultOf(value) === undefined, {
  // What is checked next reads it.
  abort: true,
  error: ({ input }) => `is no version: ${faultOf(String(input))}`,
});

function faultOf(evr: string): string | undefined {
  try {
    parseEvr(evr);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Versions of a package, for one architecture or several. */
export const mirrorPackageSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w.+-]*$/, 'a package is called gitlab-runner, say'),
  /** `[epoch:]version-release`; a Debian package may do without a release. */
  versions: z.array(evrSchema).min(1),
  /** As the mirror names them: `x86_64` unless given, in a Debian repository `amd64`. */
  arch: z.union([text, z.array(text).min(1)]).optional(),
});
export type MirrorPackage = z.infer<typeof mirrorPackageSchema>;
export type MirrorPackageInput = z.input<typeof mirrorPackageSchema>;

/** Until a state is over: sandbox seconds from when it is set, requests that it has struck. For good without either. */
const lasting = {
  seconds: z.number().positive().optional(),
  requests: z.number().int().positive().optional(),
};

/** How a mirror serves. Its list is what all its packages are in: primary.xml, Packages, the HTML page. */
export const mirrorStateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('whole') }),
  /** The list that repomd.xml or Release names isn't there yet, or is still the one before. */
  z.strictObject({
    kind: z.literal('midSync'),
    list: z.enum(['missing', 'older']).default('missing'),
    ...lasting,
  }),
  /** There is only the first half of the list: as a file of its own, or because the connection breaks. */
  z.strictObject({
    kind: z.literal('half'),
    connection: z.enum(['ends', 'breaks']).default('ends'),
    ...lasting,
  }),
  /** Bytes in a sandbox second. */
  z.strictObject({ kind: z.literal('slow'), bytesPerSecond: z.number().positive(), ...lasting }),
  z.strictObject({
    kind: z.literal('down'),
    status: z.number().int().min(400).max(599).default(503),
    ...lasting,
  }),
]);
export type MirrorState = z.infer<typeof mirrorStateSchema>;
export type MirrorStateInput = z.input<typeof mirrorStateSchema>;

const shape = {
  /** It is served at `/mirror/<name>/`. */
  name: z.string().regex(/^[\w.-]+$/, 'a mirror’s name has letters, digits and . _ -'),
  state: mirrorStateSchema.prefault({ kind: 'whole' }),
  /** `user:password` that it asks for; nothing unless given. */
  login: z
    .string()
    .regex(/^[^:]+:/, 'a login is user:password')
    .optional(),
};
const packages = z.array(mirrorPackageSchema).default([]);
const compression = z.enum(['gz', 'none']).default('gz');

/** A package mirror: made up from its packages, or a folder served as it is. */
export const mirrorSchema = z
  .discriminatedUnion('kind', [
    /** A repository of RPMs: repomd.xml and primary.xml. */
    z.strictObject({ ...shape, kind: z.literal('rpm'), packages, compression }),
    /** A page that lists files, for mirrors without metadata. */
    z.strictObject({
      ...shape,
      kind: z.literal('html'),
      packages,
      versions: z.enum(['rpm', 'deb']).default('rpm'),
    }),
    /** A repository of Debian packages, unsigned: Release and Packages. */
    z.strictObject({
      ...shape,
      kind: z.literal('deb'),
      packages,
      compression,
      suite: z.string().regex(/^[\w.-]+$/, 'a suite is called bookworm, say'),
      component: z
        .string()
        .regex(/^[\w.-]+$/)
        .default('main'),
    }),
    /** Any repository, with what signatures it has. */
    z.strictObject({ ...shape, kind: z.literal('folder'), folder: text }),
  ])
  .superRefine((mirror, context) => {
    const why = whyNotState(mirror, mirror.state);
    if (why !== undefined) context.addIssue({ code: 'custom', message: why, path: ['state'] });
    if (mirror.kind === 'folder') return;
    mirror.packages.forEach((entry, index) => {
      const missing = withoutRelease(mirror, entry);
      if (missing !== undefined)
        context.addIssue({
          code: 'custom',
          message: `"${missing}" needs a release: an RPM has one, as in ${missing}-1`,
          path: ['packages', index, 'versions'],
        });
    });
  });
export type MirrorSpec = z.infer<typeof mirrorSchema>;

export const mirrorsSchema = z.array(mirrorSchema).superRefine((mirrors, context) => {
  mirrors.forEach(({ name }, index) => {
    if (mirrors.findIndex((other) => other.name === name) < index)
      context.addIssue({
        code: 'custom',
        message: `mirror "${name}" is there twice`,
        path: [index, 'name'],
      });
  });
});

/** Whether its packages are RPMs. */
export function holdsRpms(mirror: MirrorSpec): boolean {
  return mirror.kind === 'rpm' || (mirror.kind === 'html' && mirror.versions === 'rpm');
}

/** The first version that isn't one of an RPM, where it has to be. */
export function withoutRelease(mirror: MirrorSpec, { versions }: MirrorPackage) {
  if (!holdsRpms(mirror)) return undefined;
  return versions.find((version) => parseEvr(version).release === '');
}

/** Why a mirror can't be in a state, if it can't. */
export function whyNotState({ kind }: MirrorSpec, state: MirrorState): string | undefined {
  if (state.kind !== 'midSync') return undefined;
  if (kind === 'html') return 'a page has no checksums: nobody can tell that it is in a sync';
  if (kind === 'folder' && state.list === 'older')
    return 'a folder has no list of before: it can be missing';
  return undefined;
}
