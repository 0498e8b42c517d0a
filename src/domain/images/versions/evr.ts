import type { VersionKind } from '../package.js';
import { compareDpkg } from './dpkg.js';
import { type Ordering, compareRpm, orderingOf } from './rpm.js';

/** Epoch, version and release of an RPM; of a Debian package its epoch, upstream version and revision. */
export interface Evr {
  /** 0 where none is written. */
  epoch: number;
  version: string;
  /** Empty where none is written, as in a Debian package of Debian's own. */
  release: string;
}

/** What RPM keeps an epoch in. */
const mostEpoch = 0xffff_ffff;

/**
 * Reads `[epoch:]version[-release]`; the release is what follows the last `-`.
 * Throws a RangeError for text that is none.
 */
export function parseEvr(text: string): Evr {
  const [, epoch = '0', version = '', release = ''] =
    /^(?:(\d+):)?([^\s:/-](?:[^\s:/]*?[^\s:/-])??)(?:-([^\s:/-]+))?$/.exec(text) ?? [];
  if (version === '' || Number(epoch) > mostEpoch) {
    throw new RangeError(
      `${JSON.stringify(text)} must be [epoch:]version[-release], such as 16.11.0-1 or 2:1.0-1, its epoch a whole number up to ${mostEpoch}`,
    );
  }
  return { epoch: Number(epoch), version, release };
}

/** Writes what {@link parseEvr} reads: `2:1.0-1`; an epoch of 0 and an empty release are left out. */
export function formatEvr({ epoch, version, release }: Evr): string {
  return `${epoch === 0 ? '' : `${epoch}:`}${version}${release === '' ? '' : `-${release}`}`;
}

/** Compares epoch, then version, then release, the latter two in the order of the package's kind. */
export function compareEvr(a: Evr, b: Evr, kind: VersionKind = 'rpm'): Ordering {
  const compare = kind === 'rpm' ? compareRpm : compareDpkg;
  return (
    orderingOf(a.epoch - b.epoch) || compare(a.version, b.version) || compare(a.release, b.release)
  );
}
