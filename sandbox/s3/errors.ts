import { AwsError } from '../core/aws-error.js';

/** S3's refusals, with the codes, statuses and messages of its error list (API reference, "Error responses"). */

export interface S3ErrorDetail {
  headers?: Record<string, string>;
  /** Further elements of the error's XML: the bucket, the endpoint to use. */
  elements?: Record<string, string>;
}

export class S3Error extends AwsError {
  constructor(
    code: string,
    message: string,
    status: number,
    readonly detail: S3ErrorDetail = {},
  ) {
    super(code, message, status);
  }
}

export const noSuchBucket = (name: string) =>
  new S3Error('NoSuchBucket', 'The specified bucket does not exist', 404, {
    elements: { BucketName: name },
  });

export const noSuchKey = (key: string) =>
  new S3Error('NoSuchKey', 'The specified key does not exist.', 404, { elements: { Key: key } });

export const noSuchVersion = () =>
  new S3Error('NoSuchVersion', 'The specified version does not exist.', 404);

export const noSuchUpload = () =>
  new S3Error(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    404,
  );

export const accessDenied = (message = 'Access Denied') =>
  new S3Error('AccessDenied', message, 403);

export const lockedMessage = 'Access Denied because object protected by object lock.';

export const bucketNotEmpty = (name: string) =>
  new S3Error('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
    elements: { BucketName: name },
  });

export const malformedXml = () =>
  new S3Error(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    400,
  );

export const invalidArgument = (message: string, name: string) =>
  new S3Error('InvalidArgument', message, 400, { elements: { ArgumentName: name } });

export const invalidRequest = (message: string) => new S3Error('InvalidRequest', message, 400);

export const slowDown = () => new S3Error('SlowDown', 'Please reduce your request rate.', 503);

/** S3 sends who asks in the wrong region to the right one, and says which that is in a header. */
export const permanentRedirect = (name: string, region: string) =>
  new S3Error(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    301,
    {
      headers: { 'x-amz-bucket-region': region },
      elements: { Endpoint: `s3.${region}.amazonaws.com`, Bucket: name },
    },
  );
