/** A refusal that comes before any service looks at the request. */
export interface Refusal {
  code: string;
  message: string;
  status: number;
}

// Services word the same refusal differently: Query services say InvalidClientTokenId, JSON services
// UnrecognizedClientException, EC2 AuthFailure, S3 InvalidAccessKeyId.
const invalidToken = 'The security token included in the request is invalid.';
const jsonServices = new Set([
  'ssm',
  'organizations',
  'logs',
  'codebuild',
  'events',
  'imagebuilder',
]);

export const refusals = {
  unsigned: {
    code: 'MissingAuthenticationToken',
    message: 'Request is missing Authentication Token',
    status: 403,
  },
  throttled(service: string): Refusal {
    const message = 'Rate exceeded';
    switch (service) {
      case 'ec2':
        return { code: 'RequestLimitExceeded', message: 'Request limit exceeded.', status: 503 };
      case 's3':
        return { code: 'SlowDown', message: 'Please reduce your request rate.', status: 503 };
      case 'organizations':
        return { code: 'TooManyRequestsException', message, status: 400 };
      case 'imagebuilder':
        return { code: 'CallRateLimitExceededException', message, status: 429 };
      case 'ssm':
      case 'codebuild':
      case 'logs':
        return { code: 'ThrottlingException', message, status: 400 };
      default:
        return { code: 'Throttling', message, status: 400 };
    }
  },
  unknownService(service: string): Refusal {
    return {
      code: 'UnknownService',
      message: `the sandbox has no service that signs as "${service}"`,
      status: 404,
    };
  },
  unknownKey(service: string): Refusal {
    if (service === 'ec2')
      return {
        code: 'AuthFailure',
        message: 'AWS was not able to validate the provided access credentials',
        status: 401,
      };
    if (service === 's3')
      return {
        code: 'InvalidAccessKeyId',
        message: 'The AWS Access Key Id you provided does not exist in our records.',
        status: 403,
      };
    if (jsonServices.has(service))
      return { code: 'UnrecognizedClientException', message: invalidToken, status: 400 };
    return { code: 'InvalidClientTokenId', message: invalidToken, status: 403 };
  },
  expired(service: string): Refusal {
    const code = jsonServices.has(service) ? 'ExpiredTokenException' : 'ExpiredToken';
    return {
      code,
      message: 'The security token included in the request is expired',
      status: service === 's3' || jsonServices.has(service) ? 400 : 403,
    };
  },
  /** A region that the account has not enabled does not know the account's keys. STS alone says why. */
  regionDisabled(service: string): Refusal {
    if (service === 'sts')
      return {
        code: 'RegionDisabledException',
        message:
          'STS is not activated in this region for the requested account. Your account administrator can activate STS in this region using the IAM Console.',
        status: 403,
      };
    return refusals.unknownKey(service);
  },
  denied(service: string): Refusal {
    const json = jsonServices.has(service);
    return {
      code: json
        ? 'AccessDeniedException'
        : service === 'ec2'
          ? 'UnauthorizedOperation'
          : 'AccessDenied',
      message:
        'User is not authorized to perform this action with an explicit deny in a service control policy',
      status: json ? 400 : 403,
    };
  },
};
