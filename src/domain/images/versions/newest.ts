import type { VersionKind } from '../package.js';
import { type Evr, compareEvr } from './evr.js';
import { segmentsOf } from './rpm.js';

/**
 * Takes the newest versions out of many, newest first. What differs only in architecture or name is one version and
 * is taken together.
 */
export type Selection = <T extends { evr: Evr }>(packages: readonly T[]) => T[];

/** The newest `count` versions of each minor one: of 16.11.1, 16.11.0 and 16.10.4 with a count of 1, 16.11.1 and 16.10.4. */
export function newestPerMinor(count: number, kind: VersionKind = 'rpm'): Selection {
  return newestPerSeries(2, count, kind);
}

/** The newest `count` versions of each major one. */
export function newestPerMajor(count: number, kind: VersionKind = 'rpm'): Selection {
  return newestPerSeries(1, count, kind);
}

function newestPerSeries(depth: number, count: number, kind: VersionKind): Selection {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`the newest versions to take must be a whole number from 1, was ${count}`);
  }
  return (packages) => {
    const series = new Map<string, { taken: number; last: Evr }>();
    return packages
      .toSorted((a, b) => compareEvr(b.evr, a.evr, kind))
      .filter(({ evr }) => {
        const name = seriesOf(evr, depth);
        const found = series.get(name);
        if (found !== undefined && compareEvr(found.last, evr, kind) === 0) return true;
        const taken = found?.taken ?? 0;
        if (taken >= count) return false;
        series.set(name, { taken: taken + 1, last: evr });
        return true;
      });
  };
}

/** The first numbers of a version with its epoch; a number that isn't there is 0, so that 16 is of 16.0. */
function seriesOf({ epoch, version }: Evr, depth: number): string {
  const numbers = segmentsOf(version.replace(/[~^].*$/s, ''))
    .filter((segment) => /^[0-9]/.test(segment))
    .map((digits) => digits.replace(/^0+(?=.)/, ''));
  return [epoch, ...Array.from({ length: depth }, (_, index) => numbers[index] ?? '0')].join('.');
}
