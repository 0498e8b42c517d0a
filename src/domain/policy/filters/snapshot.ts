import { microsOfDays } from '../dates/value.js';
import { EvaluationFailure } from '../errors.js';
import { equals } from '../python/compare.js';
import { field, Instant } from '../python/value.js';
import type { ValueMap } from '../python/value.js';
import { applyOperator } from './operators.js';
import type { Resource } from './resource.js';
import type { AgeFilter, LatestFilter } from './syntax.js';

/** A snapshot that is still being made has no time, and no age. */
export function compileAgeFilter(
  { op, days }: AgeFilter,
  now: Date,
): (fields: ValueMap) => boolean {
  const threshold = new Instant(Instant.ofDate(now).micros - microsOfDays(days));
  return (fields) => {
    const created = field(fields, 'SnapshotCreateTime');
    return created instanceof Instant && applyOperator(op, threshold, created);
  };
}

/**
 * The latest snapshot of each run of snapshots of one database, as they stand in the list: AWS
 * lists them by database.
 */
export function latestSnapshots<R extends Resource>(
  { automatic }: LatestFilter,
  resources: readonly R[],
): R[] {
  const latest: { resource: R; at: bigint }[] = [];
  for (const resource of resources) {
    if (!automatic && field(resource.fields, 'SnapshotType') !== 'manual') continue;
    const candidate = { resource, at: created(resource) };
    const best = latest.at(-1);
    if (!best || !sameDatabase(best.resource, resource)) latest.push(candidate);
    // Of two that were made at the same time, the one that comes later.
    else if (candidate.at >= best.at) latest[latest.length - 1] = candidate;
  }
  return latest.map(({ resource }) => resource);
}

function sameDatabase(a: Resource, b: Resource): boolean {
  return equals(field(a.fields, 'DBInstanceIdentifier'), field(b.fields, 'DBInstanceIdentifier'));
}

function created({ fields, name }: Resource): bigint {
  const time = field(fields, 'SnapshotCreateTime');
  if (time instanceof Instant) return time.micros;
  throw new EvaluationFailure(
    `${name} has no SnapshotCreateTime; \`Status: available\` leaves it out`,
  );
}
