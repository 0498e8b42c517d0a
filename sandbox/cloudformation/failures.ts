import { z } from 'zod';

/**
 * How long a failure goes on: for the first `times` deletes, or for `forSeconds` of sandbox time after the first
 * delete was asked for. Neither: for ever (or until what causes it is mended).
 */
const until = {
  times: z.number().int().positive().optional(),
  forSeconds: z.number().positive().optional(),
  /** Logical id of the resource that fails; one of a fitting type when not given. */
  resource: z.string().optional(),
};

/** Why a stack's delete fails or is late. */
export const stackFailureSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bucketNotEmpty'), ...until }),
  /** Not a failure but a wait: the network interfaces of a Lambda function are being cleaned up. */
  z.strictObject({
    kind: z.literal('networkInterfaces'),
    seconds: z.number().positive(),
    resource: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('replicatedFunction'), ...until }),
  z.strictObject({ kind: z.literal('dependencyViolation'), ...until }),
  z.strictObject({ kind: z.literal('rateExceeded'), ...until }),
  /** The stack's own role is gone: DeleteStack is refused until it is given another RoleARN. */
  z.strictObject({ kind: z.literal('roleGone') }),
  z.strictObject({ kind: z.literal('generic'), reason: z.string().optional(), ...until }),
  /** DeleteStack itself is refused: some REVIEW_IN_PROGRESS stacks answer InternalFailure (rain#477). */
  z.strictObject({
    kind: z.literal('refused'),
    code: z.enum(['ValidationError', 'InternalFailure']).default('ValidationError'),
    message: z.string(),
    times: z.number().int().positive().optional(),
  }),
]);

export type StackFailureSpec = z.infer<typeof stackFailureSchema>;

/** A failure and how often it has struck. */
export interface StackFailure {
  spec: StackFailureSpec;
  attempts: number;
  firstAttemptAt: number | undefined;
}

export function armed(spec: StackFailureSpec): StackFailure {
  return { spec, attempts: 0, firstAttemptAt: undefined };
}

/** Type of the resource that a failure strikes when none is named. */
export function resourceTypeOf(spec: StackFailureSpec): string | undefined {
  switch (spec.kind) {
    case 'bucketNotEmpty':
      return 'AWS::S3::Bucket';
    case 'networkInterfaces':
    case 'replicatedFunction':
      return 'AWS::Lambda::Function';
    case 'dependencyViolation':
      return 'AWS::EC2::SecurityGroup';
    case 'rateExceeded':
      return 'AWS::ApiGateway::RestApi';
    case 'generic':
      return 'Custom::Resource';
    case 'roleGone':
    case 'refused':
      return undefined;
  }
}

/** Whether the failure strikes a delete that is now at `time`; counts the attempt. */
export function strikes(failure: StackFailure, startedAt: number, time: number): boolean {
  failure.attempts += 1;
  failure.firstAttemptAt ??= startedAt;
  const { spec } = failure;
  if ('times' in spec && spec.times !== undefined) return failure.attempts <= spec.times;
  if ('forSeconds' in spec && spec.forSeconds !== undefined)
    return time < failure.firstAttemptAt + spec.forSeconds * 1000;
  return true;
}
