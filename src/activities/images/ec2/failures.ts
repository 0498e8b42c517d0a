import { awsErrorCode } from '../../../aws/errors.js';
import { NightshiftError } from '../../../domain/errors.js';

/** An image that could not be made, and why. */
export function imageFailed(
  message: string,
  { retryable = false, cause }: { retryable?: boolean; cause?: unknown } = {},
): NightshiftError {
  return new NightshiftError('ImageFailed', message, { retryable, cause });
}

/**
 * Whether EC2 doesn't know an image or snapshot. Of one that was just made that says nothing: "its ID might not have
 * propagated throughout the system" (EC2 Developer Guide, "Eventual consistency").
 */
export function isUnknown(error: unknown): boolean {
  return /^Invalid(AMIID|Snapshot)\.NotFound$/.test(awsErrorCode(error) ?? '');
}

/** Whether an image was there and is no more, or is in a state in which nothing can be done with it. */
export function isUnavailable(error: unknown): boolean {
  return awsErrorCode(error) === 'InvalidAMIID.Unavailable';
}

/** Whether an image uses the snapshot that was to be deleted. */
export function isInUse(error: unknown): boolean {
  return awsErrorCode(error) === 'InvalidSnapshot.InUse';
}
