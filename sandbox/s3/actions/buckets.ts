import { z } from 'zod';
import { element, timestamp, wrap } from '../../core/xml.js';
import type { Bucket } from '../bucket.js';
import { countParameter, openBucket, type S3Call, type S3Result } from '../call.js';
import { checkedBody } from '../checksum.js';
import { invalidArgument, S3Error } from '../errors.js';
import { parseXml } from '../request-xml.js';
import { document, flag } from '../response-xml.js';

const maxBuckets = 10_000;

/** Pages only when asked to (MaxBuckets, Prefix, BucketRegion or a token); BucketRegion is answered then, too. */
export function listBuckets(call: S3Call): S3Result {
  const { query } = call;
  const region = query.get('bucket-region');
  if (region !== null && region !== call.region)
    throw invalidArgument(
      'Requests with bucket-region specified must be made to the corresponding regional endpoint',
      'bucket-region',
    );
  const limit = countParameter(query, 'max-buckets', maxBuckets);
  if (!limit) throw invalidArgument('max-buckets must be between 1 and 10000', 'max-buckets');
  const prefix = query.get('prefix') ?? '';
  const after = tokenName(query.get('continuation-token'));
  const isPaged = ['max-buckets', 'prefix', 'bucket-region', 'continuation-token'].some((name) =>
    query.has(name),
  );
  const matching = call.store
    .list(call.accountId)
    .filter((b) => b.name > after && b.name.startsWith(prefix))
    .filter((b) => region === null || b.region === region);
  const page = matching.slice(0, limit);
  const last = page.at(-1);
  const next = matching.length > page.length && last ? tokenOf(last.name) : undefined;
  return {
    body: document(
      'ListAllMyBucketsResult',
      wrap('Owner', element('ID', call.accountId)),
      wrap('Buckets', ...page.map((bucket) => bucketXml(bucket, isPaged))),
      element('ContinuationToken', next),
      prefix === '' ? '' : element('Prefix', prefix),
    ),
  };
}

function bucketXml(bucket: Bucket, withRegion: boolean): string {
  return wrap(
    'Bucket',
    element('Name', bucket.name),
    timestamp('CreationDate', bucket.createdAt),
    withRegion ? element('BucketRegion', bucket.region) : '',
  );
}

const tokenOf = (name: string) => Buffer.from(name).toString('base64url');
const tokenName = (token: string | null) => Buffer.from(token ?? '', 'base64url').toString();

const tagSchema = z.object({ Key: z.string(), Value: z.string() });
const tagsSchema = z.union([
  z.literal('').transform(() => ({ Tag: [] })),
  z.object({ Tag: z.array(tagSchema) }),
]);
const configurationSchema = z.object({
  CreateBucketConfiguration: z.union([
    z.literal('').transform(() => ({ LocationConstraint: undefined, Tags: undefined })),
    z.object({ LocationConstraint: z.string().optional(), Tags: tagsSchema.optional() }),
  ]),
});

export function createBucket(call: S3Call): S3Result {
  const body = checkedBody(call.request, false);
  const configuration =
    body.length === 0 ? undefined : parseXml(body, configurationSchema).CreateBucketConfiguration;
  requireLocation(call.region, configuration?.LocationConstraint);
  const { bucket, isNew } = call.store.create(call.accountId, call.region, call.bucket);
  if (isNew && flag(call.request.headers['x-amz-bucket-object-lock-enabled'])) {
    bucket.objectLock = true;
    bucket.versioning = 'Enabled';
  }
  if (isNew && configuration?.Tags) bucket.tags = pairs(configuration.Tags);
  return { headers: { location: `/${call.bucket}` }, effective: isNew };
}

/** us-east-1 has no constraint; every other region must be named, and be the one that is asked. */
function requireLocation(region: string, constraint: string | undefined): void {
  if (constraint === 'us-east-1')
    throw new S3Error(
      'InvalidLocationConstraint',
      'The specified location-constraint is not valid',
      400,
      { elements: { LocationConstraint: constraint } },
    );
  const named = constraint === 'EU' ? 'eu-west-1' : (constraint ?? 'us-east-1');
  if (named === region) return;
  throw new S3Error(
    'IllegalLocationConstraintException',
    `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    400,
  );
}

export function headBucket(call: S3Call): S3Result {
  const bucket = openBucket(call);
  return { headers: { 'x-amz-bucket-region': bucket.region } };
}

export function deleteBucket(call: S3Call): S3Result {
  call.store.remove(openBucket(call));
  return { status: 204, effective: true };
}

/** The constraint of a bucket in us-east-1 is empty. */
export function getBucketLocation(call: S3Call): S3Result {
  const { region } = call.store.openAnywhere(call.accountId, call.bucket);
  return { body: document('LocationConstraint', region === 'us-east-1' ? '' : region) };
}

export function getBucketTagging(call: S3Call): S3Result {
  const { tags, name } = openBucket(call);
  if (tags.length === 0)
    throw new S3Error('NoSuchTagSet', 'The TagSet does not exist', 404, {
      elements: { BucketName: name },
    });
  const xml = tags.map(([key, value]) => wrap('Tag', element('Key', key), element('Value', value)));
  return { body: document('Tagging', wrap('TagSet', ...xml)) };
}

const taggingSchema = z.object({ Tagging: z.object({ TagSet: tagsSchema }) });

export function putBucketTagging(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const { Tagging } = parseXml(checkedBody(call.request, true), taggingSchema);
  bucket.tags = pairs(Tagging.TagSet);
  return { status: 204, effective: true };
}

export function deleteBucketTagging(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const effective = bucket.tags.length > 0;
  bucket.tags = [];
  return { status: 204, effective };
}

function pairs(tags: { Tag: { Key: string; Value: string }[] }): [string, string][] {
  return tags.Tag.map((tag) => [tag.Key, tag.Value]);
}

/** A bucket whose versioning was never touched has no Status at all. */
export function getBucketVersioning(call: S3Call): S3Result {
  const { versioning } = openBucket(call);
  return { body: document('VersioningConfiguration', element('Status', versioning)) };
}

const versioningSchema = z.object({
  VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }),
});

export function putBucketVersioning(call: S3Call): S3Result {
  const bucket = openBucket(call);
  const { VersioningConfiguration } = parseXml(checkedBody(call.request, true), versioningSchema);
  if (bucket.objectLock && VersioningConfiguration.Status === 'Suspended')
    throw new S3Error(
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      409,
    );
  bucket.versioning = VersioningConfiguration.Status;
  return { effective: true };
}
