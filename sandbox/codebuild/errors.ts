import { AwsError } from '../core/aws-error.js';

/** The three errors that CodeBuild's API documents. */

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInputException', message);
}

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('AccountLimitExceededException', message);
}
