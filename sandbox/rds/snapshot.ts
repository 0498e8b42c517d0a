/** A DB snapshot that is there before anyone asks. */
export interface SnapshotSeed {
  /** 12-digit account that owns it or, of type `shared`, that it is shared with. */
  account: string;
  region: string;
  /** `my-snapshot`; automated ones begin with `rds:`. Kept in lower case, as RDS does. */
  id: string;
  /** `manual` unless given. A `shared` one is a manual one of `owner`, which `account` may see and not delete. */
  type?: 'manual' | 'automated' | 'shared';
  /** Who owns a shared one; an account outside the fleet unless given. */
  owner?: string;
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

const outsider = '999999999999';

export function snapshotFrom(seed: SnapshotSeed, now: number): Snapshot {
  const id = seed.id.toLowerCase();
  const isShared = seed.type === 'shared';
  const type = seed.type === 'automated' ? 'automated' : 'manual';
  const accountId = isShared ? (seed.owner ?? outsider) : seed.account;
  const sharedWith = [...(seed.sharedWith ?? []), ...(isShared ? [seed.account] : [])];
  requireId(id, type);
  if (type === 'automated' && sharedWith.length > 0)
    throw new RangeError(`snapshot ${id}: only manual snapshots can be shared`);
  return {
    accountId,
    region: seed.region,
    id,
    arn: `arn:aws:rds:${seed.region}:${accountId}:snapshot:${id}`,
    type,
    createdAt: createdAtOf(seed, now),
    status: seed.status ?? 'available',
    availableAt: seed.availableAfter === undefined ? Infinity : now + seed.availableAfter * 1000,
    instance: seed.instance ?? 'db-1',
    engine: seed.engine ?? 'postgres',
    engineVersion: seed.engineVersion ?? '16.4',
    allocatedStorage: seed.allocatedStorage ?? 20,
    encrypted: seed.encrypted ?? true,
    tags: new Map(Object.entries(seed.tags ?? {})),
    sharedWith,
  };
}

function createdAtOf(seed: SnapshotSeed, now: number): number {
  const createdAt = seed.createdAt === undefined ? now : new Date(seed.createdAt).getTime();
  if (Number.isNaN(createdAt))
    throw new RangeError(`snapshot ${seed.id}: createdAt is no time: ${String(seed.createdAt)}`);
  return createdAt;
}

function requireId(id: string, type: 'manual' | 'automated'): void {
  const pattern = type === 'automated' ? /^rds:[a-z][a-z0-9-]*$/ : identifier;
  if (pattern.test(id)) return;
  throw new RangeError(`snapshot id ${id}: must, for type ${type}, match ${String(pattern)}`);
}

/** "Must begin with a letter; … only ASCII letters, digits, and hyphens" (RDS's own words for an identifier). */
export const identifier = /^[a-z](?:-?[a-z0-9]+)*$/i;

export function statusAt(snapshot: Snapshot, now: number): string {
  return now >= snapshot.availableAt ? 'available' : snapshot.status;
}
