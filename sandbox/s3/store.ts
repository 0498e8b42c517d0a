import type { BucketStore } from '../core/buckets.js';
import { Bucket } from './bucket.js';
import {
  accessDenied,
  bucketNotEmpty,
  noSuchBucket,
  permanentRedirect,
  S3Error,
} from './errors.js';
import { type BucketSeed, fill } from './seed.js';

export interface StoreOptions {
  now: () => number;
  /** Deletes per sandbox second and prefix; Infinity for no quota. */
  deletesPerSecond: number;
  /** Whether incomplete multipart uploads keep a bucket from being deleted. */
  uploadsBlockDelete: boolean;
}

/** All buckets of the sandbox. Their names are global: one account's name can't be another's. */
export class BucketStoreS3 implements BucketStore {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly options: StoreOptions) {}

  /** The bucket, for a call by `accountId` in `region`; throws as S3 refuses. */
  open(accountId: string, region: string, name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    if (bucket.region !== region) throw permanentRedirect(name, bucket.region);
    if (bucket.accountId !== accountId) throw accessDenied();
    return bucket;
  }

  /** The same for calls that S3 answers in any region (GetBucketLocation). */
  openAnywhere(accountId: string, name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    if (bucket.accountId !== accountId) throw accessDenied();
    return bucket;
  }

  /** The bucket, whoever has it. */
  find(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  /** The buckets of an account in the order of their names. */
  list(accountId: string): Bucket[] {
    return [...this.buckets.values()]
      .filter((bucket) => bucket.accountId === accountId)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Creates a bucket; says whether it is new. Throws when the name is taken. */
  create(accountId: string, region: string, name: string): { bucket: Bucket; isNew: boolean } {
    requireBucketName(name);
    const known = this.buckets.get(name);
    if (known) return { bucket: this.taken(known, accountId, region), isNew: false };
    const bucket = this.add(accountId, region, name, this.options.now());
    return { bucket, isNew: true };
  }

  /** Removes an empty bucket; throws BucketNotEmpty. */
  remove(bucket: Bucket): void {
    if (!this.holdsNothing(bucket)) throw bucketNotEmpty(bucket.name);
    this.buckets.delete(bucket.name);
  }

  seed(seed: BucketSeed): Bucket {
    requireBucketName(seed.name);
    if (this.buckets.has(seed.name)) throw new Error(`bucket ${seed.name} is there already`);
    const createdAt =
      seed.createdAt === undefined ? this.options.now() : new Date(seed.createdAt).getTime();
    if (Number.isNaN(createdAt))
      throw new RangeError(`bucket ${seed.name}: createdAt is no time: ${String(seed.createdAt)}`);
    const bucket = this.add(seed.account, seed.region, seed.name, createdAt);
    fill(bucket, seed);
    return bucket;
  }

  /** What is left in a bucket; undefined when it isn't there. */
  contents(name: string): { versions: number; uploads: number } | undefined {
    const bucket = this.find(name);
    return bucket && { versions: bucket.versions.size, uploads: bucket.uploads.size };
  }

  createBucket(accountId: string, region: string, name: string): void {
    this.create(accountId, region, name);
  }

  tagBucket(accountId: string, name: string, tags: Readonly<Record<string, string>>): void {
    const bucket = this.buckets.get(name);
    if (bucket?.accountId !== accountId) return;
    bucket.tags = Object.entries({ ...Object.fromEntries(bucket.tags), ...tags });
  }

  isEmpty(accountId: string, region: string, name: string): boolean {
    const bucket = this.owned(accountId, region, name);
    return !bucket || this.holdsNothing(bucket);
  }

  deleteBucket(accountId: string, region: string, name: string): boolean {
    const bucket = this.owned(accountId, region, name);
    if (!bucket || !this.holdsNothing(bucket)) return false;
    return this.buckets.delete(name);
  }

  private owned(accountId: string, region: string, name: string): Bucket | undefined {
    const bucket = this.buckets.get(name);
    return bucket?.accountId === accountId && bucket.region === region ? bucket : undefined;
  }

  private holdsNothing(bucket: Bucket): boolean {
    const uploads = this.options.uploadsBlockDelete ? bucket.uploads.size : 0;
    return bucket.versions.size + uploads === 0;
  }

  private add(accountId: string, region: string, name: string, createdAt: number): Bucket {
    const { deletesPerSecond } = this.options;
    const bucket = new Bucket({ name, accountId, region, createdAt, deletesPerSecond });
    this.buckets.set(name, bucket);
    return bucket;
  }

  private taken(known: Bucket, accountId: string, region: string): Bucket {
    if (known.accountId !== accountId)
      throw new S3Error(
        'BucketAlreadyExists',
        'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
        409,
        { elements: { BucketName: known.name } },
      );
    // For historical reasons us-east-1 answers 200 to who owns the bucket already (API reference, CreateBucket).
    if (region === 'us-east-1' && known.region === region) return known;
    throw new S3Error(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      409,
      { elements: { BucketName: known.name } },
    );
  }
}

function requireBucketName(name: string): void {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) return;
  throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.', 400, {
    elements: { BucketName: name },
  });
}
