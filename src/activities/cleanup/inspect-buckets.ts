import type { S3Client } from '@aws-sdk/client-s3';
import type { InspectedBucket } from '../../domain/cleanup/inspection.js';
import { type Policy, neededFields } from '../../domain/policy/index.js';
import type { Target } from '../../domain/target.js';
import { type BucketField, type BucketResource, listBuckets } from './buckets/index.js';
import { selectByPolicies } from './select-by-policies.js';

export interface InspectBucketsOptions {
  client: S3Client;
  target: Target;
  policies: readonly Policy[];
  now: Date;
  signal: AbortSignal;
}

/** Selects the buckets of a target. What the filters don't read of a bucket isn't asked for. */
export async function inspectBuckets({
  client,
  target,
  policies,
  now,
  signal,
}: InspectBucketsOptions) {
  const read = new Set(policies.flatMap((policy) => [...neededFields(policy)]));
  const fields = new Set<BucketField>(read.has('Tags') ? ['Tags'] : []);
  const buckets: BucketResource[] = [];
  for await (const page of listBuckets({ s3: client, region: target.region, fields, signal }))
    buckets.push(...page);
  const context = { now, accountId: target.account.id, region: target.region };
  const selected = selectByPolicies(policies, buckets, context).map(
    ({ resource, policy, refusal }): InspectedBucket => ({
      kind: 'bucket',
      id: arnOf(resource),
      name: resource.Name,
      policy: policy.name,
      ...(refusal === undefined ? {} : { refusal }),
    }),
  );
  return { selected, ids: new Set(buckets.map(arnOf)) };
}

function arnOf({ Name }: BucketResource): string {
  return `arn:aws:s3:::${Name}`;
}
