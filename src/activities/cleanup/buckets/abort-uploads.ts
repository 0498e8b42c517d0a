import { AbortMultipartUploadCommand } from '@aws-sdk/client-s3';
import { awsErrorCode, awsErrorMessage } from '../../../aws/errors.js';
import { forEachBounded } from './bounded.js';
import { type BucketAccess, bucketInput } from './bucket-context.js';
import type { KeyFailure } from './failures.js';
import type { UploadName } from './pages.js';

/** Aborts a page of uploads; returns those that could not be. One that has ended by itself is no failure. */
export async function abortUploads(
  access: BucketAccess,
  uploads: readonly UploadName[],
  concurrency: number,
): Promise<KeyFailure[]> {
  const failures: KeyFailure[] = [];
  await forEachBounded(uploads, concurrency, async ({ key, uploadId }) => {
    try {
      await access.s3.send(
        new AbortMultipartUploadCommand({ ...bucketInput(access), Key: key, UploadId: uploadId }),
        { abortSignal: access.signal },
      );
    } catch (error) {
      const code = awsErrorCode(error);
      if (code === undefined || code === 'NoSuchBucket') throw error;
      if (code !== 'NoSuchUpload') failures.push({ key, code, message: awsErrorMessage(error) });
    }
  });
  return failures;
}
