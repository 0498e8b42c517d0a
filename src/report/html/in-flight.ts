import type { Span } from '../model.js';

/** How finely the run is divided: wide enough to read, few enough to stay small for 192 targets. */
export const buckets = 120;

/** How many of the spans are in flight in each of the run's 120 parts, as the mean over that part. */
export function inFlight(spans: readonly Span[], run: Span): number[] {
  const counts = new Array<number>(buckets).fill(0);
  const width = (run.end - run.start) / buckets;
  if (width === 0) return counts.fill(spans.length);
  for (const span of spans) {
    const from = Math.min(buckets - 0.2, (span.start - run.start) / width);
    // Even what was over in an instant shows.
    const to = Math.min(buckets, Math.max(from + 0.2, (span.end - run.start) / width));
    for (let bucket = Math.floor(from); bucket < to; bucket++) {
      const covered = Math.min(to, bucket + 1) - Math.max(from, bucket);
      counts[bucket] = (counts[bucket] ?? 0) + covered;
    }
  }
  return counts;
}

/** The counts as a filled SVG path on a grid of 120 × `height`, `max` reaching the top. */
export function areaPath(counts: readonly number[], max: number, height: number): string {
  if (max === 0) return '';
  const level = (count: number) => Number((height - (count / max) * height).toFixed(1));
  let path = `M0 ${height}`;
  let previous = height;
  counts.forEach((count, bucket) => {
    const y = level(count);
    if (y === previous) return;
    path += `H${bucket}V${y}`;
    previous = y;
  });
  return `${path}H${buckets}V${height}z`;
}
