import type { Evr } from './versions/evr.js';

/** Whose order versions follow: RPM's or dpkg's. */
export type VersionKind = 'rpm' | 'deb';

/** A version of a package that a mirror has. */
export interface PackageVersion {
  name: string;
  /** As the mirror names it: `x86_64`, `aarch64`, `noarch`; `amd64`, `arm64`, `all`. */
  arch: string;
  evr: Evr;
  /** Where the file is: below the source's URL, or a URL of its own. */
  location?: string;
}

/** The names that one machine architecture has: RPM's, Debian's, EC2's. */
const sameArchitectures = [
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
  ['ppc64le', 'ppc64el'],
  ['armv7hl', 'armhf'],
] as const;

/** What a package is called that runs anywhere: RPM's word and Debian's. */
const anyArchitecture: readonly string[] = ['noarch', 'all'];

/** Every name of an architecture, its own first: `x86_64` is also `amd64`. */
export function namesOfArchitecture(architecture: string): string[] {
  const same = sameArchitectures.find((names) => names.some((name) => name === architecture)) ?? [];
  return [architecture, ...same.filter((name) => name !== architecture)];
}

/** Whether a package of `arch` installs on a machine of `architecture`, by whatever name either is called. */
export function runsOn(arch: string, architecture: string): boolean {
  return anyArchitecture.includes(arch) || namesOfArchitecture(architecture).includes(arch);
}
