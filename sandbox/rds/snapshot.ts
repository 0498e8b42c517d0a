/** A DB snapshot that is there before anyone asks. */
export interface SnapshotSeed {
  /** 12-digit account that owns it. */
  account: string;
  region: string;
  /** `my-snapshot`; automated ones begin with `rds:`. Kept in lower case, as RDS does. */
  id: string;
  /** `manual` unless given. */
  type?: 'manual' | 'automated';
  /** ISO 8601 or ms since the epoch; now when absent. */
  createdAt?: string | number;
  /** `available` unless given. */
  status?: string;
  /** Sandbox seconds from now until a snapshot of another status is `available`; never when absent. */
  availableAfter?: number;
  /** The instance it was taken of; `db-1` unless given. */
  instance?: string;
  /** `postgres` unless given. */
  engine?: string;
  engineVersion?: string;
  /** GiB; 20 unless given. */
  allocatedStorage?: number;
  encrypted?: boolean;
  tags?: Record<string, string>;
  /** Accounts that may see and restore it; `all` makes it public. */
  sharedWith?: readonly string[];
}

export interface Snapshot {
  accountId: string;
  region: string;
  id: string;
  arn: string;
  type: 'manual' | 'automated';
  /** Sandbox time, ms since the epoch. */
  createdAt: number;
  /** What it is until `availableAt`. */
  status: string;
  availableAt: number;
  instance: string;
  engine: string;
  engineVersion: string;
  allocatedStorage: number;
  encrypted: boolean;
  tags: Map<string, string>;
  sharedWith: readonly string[];
}

export function snapshotFrom(seed: SnapshotSeed, now: number): Snapshot {
  const createdAt = seed.createdAt === undefined ? now : new Date(seed.createdAt).getTime();
  const type = seed.type ?? 'manual';
  const id = seed.id.toLowerCase();
  if (Number.isNaN(createdAt))
    throw new RangeError(`snapshot ${id}: createdAt is no time: ${String(seed.createdAt)}`);
  const pattern = type === 'automated' ? /^rds:[a-z][a-z0-9-]*$/ : identifier;
  if (!pattern.test(id))
    throw new RangeError(`snapshot id ${seed.id}: a ${type} one must match ${String(pattern)}`);
  if (type === 'automated' && seed.sharedWith?.length)
    throw new RangeError(`snapshot ${id}: only manual snapshots can be shared`);
  return {
    accountId: seed.account,
    region: seed.region,
    id,
    arn: `arn:aws:rds:${seed.region}:${seed.account}:snapshot:${id}`,
    type,
    createdAt,
    status: seed.status ?? 'available',
    availableAt: seed.availableAfter === undefined ? Infinity : now + seed.availableAfter * 1000,
    instance: seed.instance ?? 'db-1',
    engine: seed.engine ?? 'postgres',
    engineVersion: seed.engineVersion ?? '16.4',
    allocatedStorage: seed.allocatedStorage ?? 20,
    encrypted: seed.encrypted ?? true,
    tags: new Map(Object.entries(seed.tags ?? {})),
    sharedWith: seed.sharedWith ?? [],
  };
}

/** "Must begin with a letter; … only ASCII letters, digits, and hyphens" (RDS's own words for an identifier). */
export const identifier = /^[a-z](?:-?[a-z0-9]+)*$/i;

export function statusAt(snapshot: Snapshot, now: number): string {
  return now >= snapshot.availableAt ? 'available' : snapshot.status;
}
