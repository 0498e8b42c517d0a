import { z } from 'zod';
import { type ErrorCode, NightshiftError } from '../domain/errors.js';

const awsErrorSchema = z.object({
  name: z.string(),
  message: z.string(),
  Code: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
  $response: z.unknown().optional(),
});

/** The code that AWS gave an error, `undefined` when it is not an answer of AWS. */
export function awsErrorCode(error: unknown): string | undefined {
  const parsed = awsErrorSchema.safeParse(error);
  if (!parsed.success) return undefined;
  const { $metadata, Code, name } = parsed.data;
  // The SDK hangs $metadata with its count of attempts on every error that it gave up on, a broken connection
  // included, and an answer that was cut off has a status of success. A refusal has a status that says so.
  if (($metadata?.httpStatusCode ?? 0) < 300) return undefined;
  return Code ?? name;
}

export function awsErrorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const throttlingCodes =
  /^(Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|CallRateLimitExceededException|TooManyRequests(Exception)?|SlowDown|RequestThrottled(Exception)?|BandwidthLimitExceeded|PriorRequestNotComplete)$/;
const accessCodes =
  /^(AccessDenied(Exception)?|UnauthorizedOperation|AuthFailure|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|ExpiredToken(Exception)?|InvalidAccessKeyId|OptInRequired|AuthorizationError|TokenRefreshRequired|MissingAuthenticationToken)$/;
const credentialErrors = /^(CredentialsProviderError|TokenProviderError|ProviderError)$/;

export function isThrottling(error: unknown): boolean {
  const code = awsErrorCode(error);
  return code !== undefined && throttlingCodes.test(code);
}

/** Turns whatever a call to AWS threw into an error for the person who reads it. */
export function fromAwsError(error: unknown, doing: string): NightshiftError {
  if (error instanceof NightshiftError) return error;
  const message = awsErrorMessage(error);
  const { code, hint, retryable } = judge(error);
  const awsCode = awsErrorCode(error);
  return new NightshiftError(
    code,
    `${doing}: ${awsCode === undefined ? '' : `${awsCode}: `}${message}`,
    {
      ...(hint === undefined ? {} : { hint }),
      retryable,
      cause: error,
    },
  );
}

function judge(error: unknown): { code: ErrorCode; hint?: string; retryable: boolean } {
  const name = error instanceof Error ? error.name : '';
  if (credentialErrors.test(name)) {
    return {
      code: 'AwsAccess',
      hint: 'give Nightshift AWS credentials: a profile (AWS_PROFILE), keys in the environment, or a role of the machine',
      retryable: false,
    };
  }
  const code = awsErrorCode(error);
  if (code === undefined)
    return {
      code: 'AwsUnavailable',
      hint: 'AWS could not be reached; trying again may help',
      retryable: true,
    };
  if (throttlingCodes.test(code))
    return {
      code: 'AwsUnavailable',
      hint: 'AWS throttles; lower `pace` in nightshift.yaml',
      retryable: true,
    };
  if (accessCodes.test(code)) {
    return {
      code: 'AwsAccess',
      hint: 'check the role, its trust policy and external id, and that the region is enabled',
      retryable: false,
    };
  }
  const status = awsErrorSchema.safeParse(error).data?.$metadata?.httpStatusCode ?? 0;
  if (status >= 500)
    return {
      code: 'AwsUnavailable',
      hint: 'AWS had a fault; trying again may help',
      retryable: true,
    };
  return { code: 'AwsRefused', retryable: false };
}
