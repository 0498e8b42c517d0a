import type { Bucket, ObjectVersion, Upload, Versioning } from './bucket.js';

/** A bucket that is there before anyone asks: its content is described, not written, and costs nothing. */
export interface BucketSeed {
  /** 12-digit account. */
  account: string;
  region: string;
  name: string;
  tags?: Record<string, string>;
  /** ISO 8601 or ms since the epoch; now when absent. */
  createdAt?: string | number;
  /** Keys that hold objects. As many as `versions` when only that is given. */
  objects?: number;
  /** Object versions over all keys, spread evenly; at least one a key. More than `objects` makes the bucket versioned. */
  versions?: number;
  /** Keys whose newest version is a delete marker, from the first; makes the bucket versioned. */
  deleteMarkers?: number;
  /** Incomplete multipart uploads. */
  uploads?: number;
  /** Folders that the keys are spread over: `p0000/`, `p0001/`, …; 1 unless given, and then keys have no folder. */
  prefixes?: number;
  /** Versions under a legal hold: the first ones in listing order (delete markers are never held). */
  locked?: number;
  versioning?: Versioning;
  /** Bytes of each object; 1,024 unless given. */
  objectSize?: number;
}

/** How the seeded entries of a bucket lie: key by key, a marker first where there is one, then its versions. */
class Layout {
  readonly keys: number;
  readonly versions: number;
  readonly markers: number;

  constructor(private readonly seed: BucketSeed) {
    this.keys = seed.objects ?? seed.versions ?? 0;
    this.versions = seed.versions ?? this.keys;
    this.markers = seed.deleteMarkers ?? 0;
    requireCount(seed, 'objects', this.keys, 0, this.versions);
    requireCount(seed, 'versions', this.versions, 0, this.keys === 0 ? 0 : Infinity);
    requireCount(seed, 'deleteMarkers', this.markers, 0, this.keys);
    requireCount(seed, 'locked', seed.locked ?? 0, 0, this.total);
    requireCount(seed, 'uploads', seed.uploads ?? 0, 0, Infinity);
    requireCount(seed, 'prefixes', seed.prefixes ?? 1, 1, Infinity);
  }

  get total(): number {
    return this.versions + this.markers;
  }

  get isVersioned(): boolean {
    return this.versions > this.keys || this.markers > 0 || (this.seed.locked ?? 0) > 0;
  }

  /** The rank of a key's first entry. */
  start(key: number): number {
    const each = Math.floor(this.versions / this.keys);
    const extra = Math.min(key, this.versions % this.keys);
    return key * each + extra + Math.min(key, this.markers);
  }

  /** The key that holds the entry of this rank. */
  keyAt(rank: number): number {
    let low = 0;
    let high = this.keys;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.start(middle + 1) <= rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  nameOf(key: number): string {
    const prefixes = this.seed.prefixes ?? 1;
    const name = `object-${String(key).padStart(9, '0')}`;
    if (prefixes === 1) return name;
    // Folders follow one another in the order of keys, so that ranks and names have the same order.
    const folder = Math.floor((key * prefixes) / Math.max(1, this.keys));
    return `p${String(folder).padStart(4, '0')}/${name}`;
  }
}

/** Puts what the seed describes into a new bucket. */
export function fill(bucket: Bucket, seed: BucketSeed): void {
  const layout = new Layout(seed);
  const locked = seed.locked ?? 0;
  const size = seed.objectSize ?? 1024;
  bucket.tags = Object.entries(seed.tags ?? {});
  bucket.versioning = seed.versioning ?? (layout.isVersioned ? 'Enabled' : undefined);
  bucket.objectLock = locked > 0;
  const isNull = bucket.versioning === undefined;
  const base = bucket.takeSequence(layout.total);
  bucket.versions.seed(layout.total, (from, to) => {
    const entries: ObjectVersion[] = [];
    let key = layout.keyAt(from);
    for (let rank = from; rank < to; rank++) {
      while (layout.start(key + 1) <= rank) key++;
      const isMarker = key < layout.markers && rank === layout.start(key);
      entries.push({
        key: layout.nameOf(key),
        // The newest comes first within a key, so sequence numbers run against the ranks.
        seq: base + layout.total - 1 - rank,
        kind: isMarker ? 'deleteMarker' : 'object',
        isNull,
        size: isMarker ? 0 : size,
        etag: isMarker ? '' : seededEtag,
        lastModified: bucket.createdAt,
        locked: !isMarker && rank < locked,
      });
    }
    return entries;
  });
  fillUploads(bucket, seed.uploads ?? 0);
}

function fillUploads(bucket: Bucket, count: number): void {
  const base = bucket.takeSequence(count);
  bucket.uploads.seed(count, (from, to) => {
    const uploads: Upload[] = [];
    for (let rank = from; rank < to; rank++) {
      uploads.push({
        key: `upload-${String(rank).padStart(9, '0')}`,
        seq: base + rank,
        initiated: bucket.createdAt,
        parts: 1,
      });
    }
    return uploads;
  });
}

/** MD5 of 1,024 zero bytes, whatever size the objects are said to have. */
const seededEtag = '0f343b0931126a20f133d67c2b018a3b';

function requireCount(
  seed: BucketSeed,
  field: string,
  value: number,
  min: number,
  max: number,
): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const allowed = max === Infinity ? `${min} or more` : `${min} to ${max}`;
  throw new RangeError(
    `bucket ${seed.name}: ${field} must be a whole number, ${allowed}; was ${value}`,
  );
}
