import { CreateDBInstanceCommand, CreateDBSnapshotCommand } from '@aws-sdk/client-rds';
import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { EmulatedTarget } from './aws.js';
import type { BucketSeed, SnapshotSeed } from './fleet.js';
import { tagList } from './seed-stack.js';

/** Creates a bucket with its objects, and an upload that was never completed. */
export async function seedBucket({ s3, region }: EmulatedTarget, seed: BucketSeed): Promise<void> {
  const Bucket = seed.name;
  await s3.send(new CreateBucketCommand({ Bucket, ...location(region) }));
  if (seed.tags) {
    const Tagging = { TagSet: tagList(seed.tags) };
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
  }
  if (seed.versioned) {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  for (const Key of seed.keys ?? []) {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: `content of ${Key}` }));
  }
  for (const Key of seed.deletedKeys ?? []) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  }
  if (seed.keys) await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'unfinished' }));
}

/** us-east-1 is the one region that must not be named. */
function location(region: string): Partial<CreateBucketCommandInput> {
  switch (region) {
    case 'us-east-1':
      return {};
    case 'ap-southeast-2':
      return { CreateBucketConfiguration: { LocationConstraint: region } };
    default:
      throw new Error(`the fleet has no buckets in ${region}`);
  }
}

export async function seedSnapshots(
  { rds }: EmulatedTarget,
  seeds: readonly SnapshotSeed[],
): Promise<void> {
  for (const instance of new Set(seeds.map((seed) => seed.instance))) {
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: instance,
        DBInstanceClass: 'db.t3.micro',
        Engine: 'postgres',
        AllocatedStorage: instance === 'orders' ? 50 : 20,
        MasterUsername: 'emulator',
        MasterUserPassword: 'emulator-only',
      }),
    );
  }
  for (const { name, instance, tags } of seeds) {
    await rds.send(
      new CreateDBSnapshotCommand({
        DBSnapshotIdentifier: name,
        DBInstanceIdentifier: instance,
        Tags: tagList(tags),
      }),
    );
  }
}
