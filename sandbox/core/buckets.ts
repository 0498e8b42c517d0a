/**
 * What CloudFormation needs of S3: the sandbox's S3 service implements it, so a bucket that a client has emptied
 * through S3 can be deleted by its stack. Calls are synchronous, because a stack's delete ends at one moment of
 * sandbox time.
 */
export interface BucketStore {
  /** Creates an empty bucket. Throws, with S3's own code, when the name is taken or none that a bucket may have. */
  createBucket(accountId: string, region: string, name: string): void;
  /** Adds tags to a bucket of this account, beside those that it has. */
  tagBucket(accountId: string, name: string, tags: Readonly<Record<string, string>>): void;
  /** Whether no version, delete marker or object is left. A bucket that isn't there is empty. */
  isEmpty(accountId: string, region: string, name: string): boolean;
  /** Removes the bucket, and says whether it was there. A bucket that isn't empty is left alone (false). */
  deleteBucket(accountId: string, region: string, name: string): boolean;
}

/** The stack that a bucket is a resource of. */
export interface BucketOwner {
  stackId: string;
  stackName: string;
  logicalId: string;
}

/** Tags a bucket as its stack's. */
export function claimBucket(
  buckets: BucketStore,
  accountId: string,
  name: string,
  { stackId, stackName, logicalId }: BucketOwner,
): void {
  // "CloudFormation automatically creates the following stack-level tags" (User Guide, resource tags).
  buckets.tagBucket(accountId, name, {
    'aws:cloudformation:stack-name': stackName,
    'aws:cloudformation:logical-id': logicalId,
    'aws:cloudformation:stack-id': stackId,
  });
}

/** Creates a bucket unless this account has it already. */
export function ensureBucket(
  buckets: BucketStore,
  accountId: string,
  region: string,
  name: string,
): void {
  try {
    buckets.createBucket(accountId, region, name);
  } catch (error) {
    const isOwn =
      error instanceof Error && 'code' in error && error.code === 'BucketAlreadyOwnedByYou';
    if (!isOwn) throw error;
  }
}
