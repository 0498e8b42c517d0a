import {
  type Bucket,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  ListBucketsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { awsErrorCode } from '../../../aws/errors.js';
import type { JsonObject } from '../../../domain/policy/json.js';
import { forEachBounded } from './bounded.js';

/** Documents of a bucket that take a call each, and are fetched when they are asked for. */
export type BucketField = 'Tags' | 'Versioning';

export interface ListBucketsRequest {
  /** A client of the region. */
  s3: S3Client;
  region: string;
  fields: ReadonlySet<BucketField>;
  signal: AbortSignal;
  /** Buckets that are looked at at once; 8 unless given. */
  concurrency?: number;
  /** Buckets a page; 1,000 unless given. */
  pageSize?: number;
}

/** A bucket as Cloud Custodian's `aws.s3` resources are: dates as ISO 8601, no more than was asked for. */
export interface BucketResource extends JsonObject {
  Name: string;
  CreationDate: string;
  /** Null in us-east-1; `eu-west-1` where S3 says `EU`. */
  Location: { LocationConstraint: string | null };
}

/** Where Custodian puts the calls that were denied on a bucket: what they would have told is missing. */
export const deniedMethods = 'c7n:DeniedMethods';

/** The buckets of one region, a page at a time. A bucket that goes away meanwhile is left out. */
export async function* listBuckets(request: ListBucketsRequest): AsyncGenerator<BucketResource[]> {
  const { s3, region, signal } = request;
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListBucketsCommand({
        BucketRegion: region,
        MaxBuckets: request.pageSize ?? 1000,
        ContinuationToken: token,
      }),
      { abortSignal: signal },
    );
    const found = new Map<string, BucketResource>();
    for (const bucket of page.Buckets ?? [])
      found.set(bucket.Name ?? '', resourceOf(bucket, region));
    await forEachBounded(page.Buckets ?? [], request.concurrency ?? 8, async (bucket) => {
      const name = bucket.Name ?? '';
      const resource = found.get(name);
      const isHere = resource && (await complete(request, bucket, resource));
      if (!isHere) found.delete(name);
    });
    if (found.size > 0) yield [...found.values()];
    token = page.ContinuationToken;
  } while (token !== undefined && token !== '');
}

function resourceOf(bucket: Bucket, region: string): BucketResource {
  return {
    Name: bucket.Name ?? '',
    CreationDate: bucket.CreationDate?.toISOString() ?? '',
    Location: { LocationConstraint: region === 'us-east-1' ? null : region },
  };
}

/** Adds what was asked for; says whether the bucket is (still) in the region. */
async function complete(
  request: ListBucketsRequest,
  bucket: Bucket,
  resource: BucketResource,
): Promise<boolean> {
  const region = bucket.BucketRegion ?? (await locate(request, resource));
  if (region !== request.region) return false;
  for (const field of ['Tags', 'Versioning'] as const) {
    if (!request.fields.has(field)) continue;
    const read = await readers[field](request, resource.Name);
    if (read.kind === 'gone') return false;
    if (read.kind === 'denied') note(resource, read.method);
    else resource[field] = read.value;
  }
  return true;
}

/** Not everything that speaks S3 limits its list to a region, or says where buckets are. */
async function locate(
  { s3, signal, region }: ListBucketsRequest,
  resource: BucketResource,
): Promise<string | undefined> {
  const input = { Bucket: resource.Name };
  try {
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand(input), {
      abortSignal: signal,
    });
    return LocationConstraint === 'EU' ? 'eu-west-1' : (LocationConstraint ?? 'us-east-1');
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchBucket') return undefined;
    if (awsErrorCode(error) !== 'AccessDenied') throw error;
    note(resource, 'get_bucket_location');
    return region;
  }
}

function note(resource: BucketResource, method: string): void {
  const known = resource[deniedMethods];
  resource[deniedMethods] = [...(Array.isArray(known) ? known : []), method];
}

type Read =
  | { kind: 'read'; value: JsonObject[string] }
  | { kind: 'gone' }
  | { kind: 'denied'; method: string };

const readers: Record<BucketField, (request: ListBucketsRequest, name: string) => Promise<Read>> = {
  Tags: (request, name) =>
    read('get_bucket_tagging', [], async () => {
      const command = new GetBucketTaggingCommand({ Bucket: name });
      const { TagSet } = await request.s3.send(command, { abortSignal: request.signal });
      return (TagSet ?? []).map(({ Key, Value }) => ({ Key: Key ?? '', Value: Value ?? '' }));
    }),
  Versioning: (request, name) =>
    read('get_bucket_versioning', {}, async () => {
      const command = new GetBucketVersioningCommand({ Bucket: name });
      const { Status, MFADelete } = await request.s3.send(command, { abortSignal: request.signal });
      return {
        ...(Status === undefined ? {} : { Status }),
        ...(MFADelete === undefined ? {} : { MFADelete }),
      };
    }),
};

/** What is not configured reads as `absent`, as in Custodian. */
async function read(
  method: string,
  absent: JsonObject[string],
  call: () => Promise<JsonObject[string]>,
): Promise<Read> {
  try {
    return { kind: 'read', value: await call() };
  } catch (error) {
    const code = awsErrorCode(error) ?? '';
    if (code === 'NoSuchBucket') return { kind: 'gone' };
    if (code.startsWith('NoSuch') || code.includes('NotFound'))
      return { kind: 'read', value: absent };
    if (code === 'AccessDenied') return { kind: 'denied', method };
    throw error;
  }
}
