import { paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { DescribeDBSnapshotsCommand } from '@aws-sdk/client-rds';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { emulatedTarget } from './aws.js';

/** Names of what is alive in one account × region of the emulator. */
export interface Living {
  stacks: string[];
  buckets: string[];
  snapshots: string[];
}

export async function livingIn(endpoint: string, account: string, region: string): Promise<Living> {
  const { cloudFormation, rds, s3 } = emulatedTarget(endpoint, account, region);
  const stacks: string[] = [];
  for await (const page of paginateDescribeStacks({ client: cloudFormation }, {})) {
    for (const stack of page.Stacks ?? []) stacks.push(stack.StackName ?? '');
  }
  const { Buckets: buckets = [] } = await s3.send(new ListBucketsCommand({ BucketRegion: region }));
  const { DBSnapshots: snapshots = [] } = await rds.send(new DescribeDBSnapshotsCommand({}));
  return {
    stacks: stacks.sort(),
    buckets: buckets.map(({ Name }) => Name ?? '').sort(),
    snapshots: snapshots.map(({ DBSnapshotIdentifier: id }) => id ?? '').sort(),
  };
}
