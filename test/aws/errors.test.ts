import { describe, expect, test } from 'vitest';
import { awsErrorCode, awsErrorMessage, fromAwsError, isThrottling } from '../../src/aws/errors.js';
import { NightshiftError } from '../../src/domain/errors.js';

/** An error as the SDK throws it: an answer of AWS if it has a status. */
function awsError(name: string, status?: number, more: object = {}): Error {
  const error = new Error(`about ${name}`);
  return Object.assign(error, {
    name,
    $metadata: { attempts: 3, ...(status === undefined ? {} : { httpStatusCode: status }) },
    ...more,
  });
}

const judged = (error: unknown) => {
  const { code, retryable } = fromAwsError(error, 'DescribeStacks');
  return { code, retryable };
};

describe('what it means for the person who reads it', () => {
  test.each([
    'Throttling',
    'ThrottlingException',
    'ThrottledException',
    'RequestLimitExceeded',
    'CallRateLimitExceededException',
    'TooManyRequests',
    'TooManyRequestsException',
    'SlowDown',
    'RequestThrottled',
    'RequestThrottledException',
    'BandwidthLimitExceeded',
    'PriorRequestNotComplete',
  ])('%s: AWS throttles, try again', (name) => {
    const error = awsError(name, name === 'SlowDown' ? 503 : 400);
    expect(isThrottling(error)).toBe(true);
    expect(judged(error)).toEqual({ code: 'AwsUnavailable', retryable: true });
    expect(fromAwsError(error, 'x').hint).toContain('pace');
  });

  test.each([
    'AccessDenied',
    'AccessDeniedException',
    'UnauthorizedOperation',
    'AuthFailure',
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'SignatureDoesNotMatch',
    'ExpiredToken',
    'ExpiredTokenException',
    'InvalidAccessKeyId',
    'OptInRequired',
    'AuthorizationError',
    'TokenRefreshRequired',
    'MissingAuthenticationToken',
  ])('%s: no access, and trying again does not help', (name) => {
    expect(judged(awsError(name, 403))).toEqual({ code: 'AwsAccess', retryable: false });
    expect(isThrottling(awsError(name, 403))).toBe(false);
  });

  test.each(['CredentialsProviderError', 'TokenProviderError', 'ProviderError'])(
    '%s: there are no credentials, and how to give them',
    (name) => {
      expect(judged(awsError(name))).toEqual({ code: 'AwsAccess', retryable: false });
      expect(fromAwsError(awsError(name), 'x').hint).toContain('AWS_PROFILE');
    },
  );

  test.each([500, 502, 503, 504])('a fault of AWS (%d): try again', (status) => {
    expect(judged(awsError('InternalFailure', status))).toEqual({
      ...{ code: 'AwsUnavailable', retryable: true },
    });
  });

  test.each([
    [
      'an error of the network',
      Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    ],
    ['the same, given up on by the SDK', awsError('Error', undefined, { code: 'ECONNRESET' })],
    ['a time-out', awsError('TimeoutError')],
    ['an answer that was cut off', awsError('SyntaxError', 200)],
    ['something that is no error', 'socket hang up'],
    ['nothing', undefined],
  ])('%s: AWS was not reached, try again', (_, error) => {
    expect(awsErrorCode(error)).toBeUndefined();
    expect(isThrottling(error)).toBe(false);
    expect(judged(error)).toEqual({ code: 'AwsUnavailable', retryable: true });
  });

  test.each([
    ['ValidationError', 400],
    ['InvalidDBSnapshotState', 400],
    ['BucketNotEmpty', 409],
    ['PermanentRedirect', 301],
  ])('%s (%d): a refusal, and trying again does not help', (name, status) => {
    expect(awsErrorCode(awsError(name, status))).toBe(name);
    expect(judged(awsError(name, status))).toEqual({ code: 'AwsRefused', retryable: false });
  });

  test('a code that only begins like one of these is another', () => {
    expect(judged(awsError('AccessDeniedForNow', 403)).code).toBe('AwsRefused');
    expect(isThrottling(awsError('NoThrottling', 400))).toBe(false);
  });
});

describe('what it says', () => {
  test("what was being done, AWS's code and AWS's words, with the cause", () => {
    const cause = awsError('ValidationError', 400);
    const error = fromAwsError(cause, 'stack net could not be deleted');
    expect(error.message).toBe(
      'stack net could not be deleted: ValidationError: about ValidationError',
    );
    expect(error.cause).toBe(cause);
  });

  test('no code where AWS gave none', () => {
    const error = fromAwsError(new Error('socket hang up'), 'DescribeStacks');
    expect(error.message).toBe('DescribeStacks: socket hang up');
  });

  test("the code in the answer rather than the SDK's name for it", () => {
    const error = awsError('UnknownError', 403, { Code: 'AccessDenied' });
    expect(awsErrorCode(error)).toBe('AccessDenied');
    expect(judged(error).code).toBe('AwsAccess');
  });

  test('an error that is ours already is left as it is', () => {
    const own = new NightshiftError('RunRefused', 'the plan has changed');
    expect(fromAwsError(own, 'x')).toBe(own);
  });

  test('whatever was thrown has words', () => {
    expect(awsErrorMessage(awsError('A', 400))).toBe('about A');
    expect(awsErrorMessage('hang up')).toBe('hang up');
    expect(awsErrorMessage(undefined)).toBe('undefined');
  });
});
