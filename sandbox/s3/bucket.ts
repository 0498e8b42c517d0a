import { newestFirst, oldestFirst, opaqueId, type Position, sequenceOf } from './keys.js';
import { OrderedList } from './ordered-list.js';
import { PrefixQuota } from './prefix-quota.js';

/** An object version or a delete marker. */
export interface ObjectVersion extends Position {
  kind: 'object' | 'deleteMarker';
  /** Written while versioning was off or suspended: its VersionId is `null`. */
  isNull: boolean;
  /** Bytes. */
  size: number;
  etag: string;
  /** Sandbox time, ms since the epoch. */
  lastModified: number;
  /** Under a legal hold: it can't be deleted. */
  locked: boolean;
  /** What was put; a seeded object has zeros. */
  content?: Buffer;
}

export interface Upload extends Position {
  initiated: number;
  parts: number;
}

export type Versioning = 'Enabled' | 'Suspended';

/** What became of a delete of one key or version. */
export type Deletion =
  | { kind: 'removed'; version: ObjectVersion }
  | { kind: 'marked'; marker: ObjectVersion }
  | { kind: 'absent' }
  | { kind: 'locked' }
  | { kind: 'invalid-version' };

export function versionIdOf(version: ObjectVersion): string {
  return version.isNull ? 'null' : opaqueId(version.seq);
}

export interface BucketOptions {
  name: string;
  accountId: string;
  region: string;
  createdAt: number;
  /** Deletes per sandbox second and prefix; Infinity for no quota. */
  deletesPerSecond: number;
}

export class Bucket {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly createdAt: number;
  readonly quota: PrefixQuota;
  readonly versions = new OrderedList<ObjectVersion>(newestFirst);
  readonly uploads = new OrderedList<Upload>(oldestFirst);
  tags: [string, string][] = [];
  versioning: Versioning | undefined;
  objectLock = false;
  private sequence = 0;

  constructor(options: BucketOptions) {
    this.name = options.name;
    this.accountId = options.accountId;
    this.region = options.region;
    this.createdAt = options.createdAt;
    this.quota = new PrefixQuota(options.deletesPerSecond);
  }

  /** The next sequence number; seeded entries take a block of them. */
  takeSequence(block = 1): number {
    const first = this.sequence + 1;
    this.sequence += block;
    return first;
  }

  put(
    key: string,
    object: { content: Buffer; etag: string; locked?: boolean },
    now: number,
  ): ObjectVersion {
    return this.write({
      key,
      kind: 'object',
      size: object.content.length,
      etag: object.etag,
      lastModified: now,
      locked: object.locked ?? false,
      content: object.content,
    });
  }

  /** Deletes as S3 does: a version when it is named; else the object, which in a versioned bucket adds a marker. */
  delete(key: string, versionId: string | undefined, now: number): Deletion {
    if (versionId !== undefined) return this.deleteVersion(key, versionId);
    if (this.versioning === undefined) {
      const version = this.nullVersion(key);
      return version ? this.removeVersion(version) : { kind: 'absent' };
    }
    const marker = this.write({
      key,
      kind: 'deleteMarker',
      size: 0,
      etag: '',
      lastModified: now,
      locked: false,
    });
    return { kind: 'marked', marker };
  }

  latest(key: string): ObjectVersion | undefined {
    const next = this.versions.after({ key, seq: Infinity }).next().value;
    return next?.key === key ? next : undefined;
  }

  /** The version of a key by its id, `null` included. */
  version(key: string, versionId: string): ObjectVersion | undefined {
    if (versionId === 'null') return this.nullVersion(key);
    const seq = sequenceOf(versionId);
    const version = seq === undefined ? undefined : this.versions.find({ key, seq });
    return version?.isNull ? undefined : version;
  }

  private deleteVersion(key: string, versionId: string): Deletion {
    if (versionId !== 'null' && sequenceOf(versionId) === undefined)
      return { kind: 'invalid-version' };
    const version = this.version(key, versionId);
    return version ? this.removeVersion(version) : { kind: 'absent' };
  }

  private removeVersion(version: ObjectVersion): Deletion {
    if (version.locked) return { kind: 'locked' };
    this.versions.remove(version);
    return { kind: 'removed', version };
  }

  private write(version: Omit<ObjectVersion, 'seq' | 'isNull'>): ObjectVersion {
    const isNull = this.versioning !== 'Enabled';
    const overwritten = isNull ? this.nullVersion(version.key) : undefined;
    if (overwritten) this.versions.remove(overwritten);
    const written = { ...version, isNull, seq: this.takeSequence() };
    this.versions.insert(written);
    return written;
  }

  private nullVersion(key: string): ObjectVersion | undefined {
    for (const version of this.versions.after({ key, seq: Infinity })) {
      if (version.key !== key) return undefined;
      if (version.isNull) return version;
    }
    return undefined;
  }
}
