export {
  deleteBucket,
  type DeleteBucketRequest,
  type DeleteBucketResult,
} from './delete-bucket.js';
export {
  emptyBucket,
  type EmptyBucketProgress,
  type EmptyBucketRequest,
  type EmptyBucketResult,
  type Removed,
} from './empty-bucket.js';
export type { KeyFailure, Refused } from './failures.js';
export { defaultEmptyLimits, type EmptyLimits } from './limits.js';
export {
  type BucketField,
  type BucketResource,
  deniedMethods,
  listBuckets,
  type ListBucketsRequest,
} from './list-buckets.js';
