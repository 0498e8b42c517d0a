import { awsErrorCode, awsErrorMessage, isThrottling } from '../../../aws/errors.js';

/** A key that could not be deleted, in S3's words. */
export interface KeyFailure {
  key: string;
  versionId?: string;
  code: string;
  message: string;
}

/** S3's refusal of a call, which trying again does not mend: AccessDenied, say. */
export interface Refused {
  kind: 'refused';
  code: string;
  message: string;
}

const passing = new Set([
  'InternalError',
  'OperationAborted',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
]);

/** Whether a key that failed with this code may go at the next try. */
export function isPassing(code: string): boolean {
  return passing.has(code);
}

/** Whether S3 said that the bucket isn't there. */
export function isNoSuchBucket(error: unknown): boolean {
  return awsErrorCode(error) === 'NoSuchBucket';
}

const refusals = new Set([
  'AccessDenied',
  'AllAccessDisabled',
  'AccountProblem',
  'InvalidBucketState',
  'MethodNotAllowed',
  'PermanentRedirect',
]);

/** S3's refusal as a value; undefined for what passes (throttling, faults, the network) or is a defect of ours. */
export function asRefusal(error: unknown): Refused | undefined {
  const code = awsErrorCode(error);
  if (code === undefined || isThrottling(error) || !refusals.has(code)) return undefined;
  return { kind: 'refused', code, message: awsErrorMessage(error) };
}
