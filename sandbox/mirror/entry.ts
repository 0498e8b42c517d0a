import { createHash } from 'node:crypto';
import { formatEvr, parseEvr, type Evr } from '../../src/domain/images/versions/index.js';
import { holdsRpms, type MirrorPackage, type MirrorSpec } from './schema.js';

/** One package of a mirror: a version for an architecture. */
export interface Entry {
  name: string;
  evr: Evr;
  arch: string;
}

export function entriesOf(mirror: MirrorSpec, { name, versions, arch }: MirrorPackage): Entry[] {
  const architectures = [arch ?? (holdsRpms(mirror) ? 'x86_64' : 'amd64')].flat();
  return versions.flatMap((version) =>
    architectures.map((each) => ({ name, evr: parseEvr(version), arch: each })),
  );
}

/** `gitlab-runner-2:16.10.0-1.x86_64`: no two entries of a mirror have it. */
export function keyOf({ name, evr, arch }: Entry): string {
  return `${name}-${formatEvr(evr)}.${arch}`;
}

/** The name of an RPM's file, in which there is no epoch. */
export function rpmFile({ name, evr, arch }: Entry): string {
  return `${name}-${evr.version}-${evr.release}.${arch}.rpm`;
}

/** The name of a Debian package's file, in which there is no epoch either. */
export function debFile({ name, evr, arch }: Entry): string {
  return `${name}_${formatEvr({ ...evr, epoch: 0 })}_${arch}.deb`;
}

/** What the sandbox serves for the package itself, which nobody installs here. */
export function contentOf(entry: Entry): Buffer {
  return Buffer.from(`${keyOf(entry)}\n`);
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
