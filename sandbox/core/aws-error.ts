/** A refusal in AWS's own words: each service renders it in its protocol. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 400,
  ) {
    super(message);
  }
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
