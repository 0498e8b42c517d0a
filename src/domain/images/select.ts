import { newestPerMajor, newestPerMinor } from './versions/newest.js';
import { type PackageVersion, runsOn, type VersionKind } from './package.js';
import type { LineSpec, SourceSpec } from './spec.js';
import { type Evr, compareEvr, formatEvr } from './versions/evr.js';
import { parseRange } from './versions/range.js';

/** A version that images are wanted of, for one architecture of the line. */
export interface WantedVersion {
  arch: string;
  /** As {@link formatEvr} writes it. */
  evr: string;
}

export function versionKind(source: SourceSpec): VersionKind {
  if (source.kind === 'html') return source.versions;
  return source.kind;
}

type Selecting = Pick<
  LineSpec,
  'product' | 'source' | 'versions' | 'newest' | 'architectures' | 'companions'
>;

/**
 * The versions of the line's product that images are wanted of: within its ranges, not older than it goes back, and with
 * every companion there at the same version. Newest first, architectures in the line's order.
 */
export function selectVersions(
  packages: readonly PackageVersion[],
  line: Selecting,
): WantedVersion[] {
  const kind = versionKind(line.source);
  const perArchitecture = line.architectures.map((arch) =>
    versionsFor(
      packages.filter((each) => runsOn(each.arch, arch)),
      line,
      kind,
    ).map((evr) => ({ arch, evr })),
  );
  return perArchitecture
    .flat()
    .sort((a, b) => compareEvr(b.evr, a.evr, kind))
    .map(({ arch, evr }) => ({ arch, evr: formatEvr(evr) }));
}

function versionsFor(
  packages: readonly PackageVersion[],
  { product, versions, newest, companions }: Selecting,
  kind: VersionKind,
): Evr[] {
  const ranges = versions.map((range) => parseRange(range, kind));
  const companionVersions = companions.map(
    (name) => new Set(packages.filter((each) => each.name === name).map(upstream)),
  );
  const own = new Map<string, { evr: Evr }>();
  for (const each of packages) {
    const isWanted =
      each.name === product &&
      ranges.some((holds) => holds(each.evr)) &&
      companionVersions.every((there) => there.has(upstream(each)));
    // A package for any architecture and one for this may be of one version: it is one image.
    if (isWanted) own.set(formatEvr(each.evr), each);
  }
  return goingBack([...own.values()], newest, kind).map(({ evr }) => evr);
}

/** Epoch and version: the release is the packager's count, and companions count for themselves. */
function upstream({ evr }: PackageVersion): string {
  return formatEvr({ ...evr, release: '' });
}

function goingBack(
  all: { evr: Evr }[],
  { perMinor, perMajor, versions }: LineSpec['newest'],
  kind: VersionKind,
): { evr: Evr }[] {
  let left = all.toSorted((a, b) => compareEvr(b.evr, a.evr, kind));
  if (perMinor !== undefined) left = newestPerMinor(perMinor, kind)(left);
  if (perMajor !== undefined) left = newestPerMajor(perMajor, kind)(left);
  return versions === undefined ? left : left.slice(0, versions);
}
