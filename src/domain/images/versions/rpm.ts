/** What a comparison answers: -1 where the first is older, 1 where it is newer, 0 where neither is. */
export type Ordering = -1 | 0 | 1;

/**
 * Compares two version strings, or two release strings, as RPM does (its `rpmvercmp`).
 *
 * Only segments count: runs of digits, runs of ASCII letters, `~` and `^`; whatever else is there only separates
 * them. What comes at the same place is ordered `~` < the end < `^` < letters < digits, so that `1.0~rc1` is older
 * than `1.0`, and `1.0^git1` is newer than `1.0` but older than `1.0.1`.
 */
export function compareRpm(a: string, b: string): Ordering {
  const [ours, theirs] = [segmentsOf(a), segmentsOf(b)];
  for (let place = 0; place < ours.length || place < theirs.length; place++) {
    const order = compareSegments(ours[place], theirs[place]);
    if (order !== 0) return order;
  }
  return 0;
}

/** The segments of a version as RPM sees them: `1.0~rc1` is `1`, `0`, `~`, `rc`, `1`. */
export function segmentsOf(version: string): string[] {
  return version.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? [];
}

/** Compares segments at the same place, of which one may be absent. */
export function compareSegments(a: string | undefined, b: string | undefined): Ordering {
  const rank = orderingOf(rankOf(a) - rankOf(b));
  if (rank !== 0 || a === undefined || b === undefined) return rank;
  return isNumber(a) ? compareNumbers(a, b) : compareText(a, b);
}

function rankOf(segment: string | undefined): number {
  if (segment === undefined) return 1;
  if (segment === '~') return 0;
  if (segment === '^') return 2;
  return isNumber(segment) ? 4 : 3;
}

function isNumber(segment: string): boolean {
  return /^[0-9]/.test(segment);
}

/** Compares runs of digits of any length by what they stand for; an empty one is 0. */
export function compareNumbers(a: string, b: string): Ordering {
  const [ours, theirs] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  const longer = orderingOf(ours.length - theirs.length);
  return longer === 0 ? compareText(ours, theirs) : longer;
}

function compareText(a: string, b: string): Ordering {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function orderingOf(difference: number): Ordering {
  if (difference === 0) return 0;
  return difference < 0 ? -1 : 1;
}
