import type { StackEvent } from './result.js';

/** Why a stack stayed DELETE_FAILED, as far as its events tell. `docs/operations.md` lists them. */
export const failureClasses = [
  'bucket-not-empty',
  'network-interfaces',
  'replicated-function',
  'dependent-object',
  'throttled',
  'role-gone',
  'access-denied',
  'timed-out',
  'unknown',
] as const;
export type FailureClass = (typeof failureClasses)[number];

/** What a failed delete calls for. */
export type Remedy =
  /** Empty these buckets (or retain them), then try again in this pass. */
  | { kind: 'buckets'; buckets: { name: string; logicalId: string }[] }
  /** It goes away by itself: wait this long (a key of the configured waits), then try again. */
  | { kind: 'wait'; wait: WaitName }
  /** Another role can delete it. */
  | { kind: 'other-role' }
  /** Something else may have to go first: the next pass tries again. */
  | { kind: 'next-pass' }
  /** A person has to act. */
  | { kind: 'give-up' };

export const waitNames = ['networkInterfaces', 'replicatedFunction', 'throttled', 'busy'] as const;
export type WaitName = (typeof waitNames)[number];

export interface Failure {
  class: FailureClass;
  remedy: Remedy;
  /** The sentence of AWS that explains it. */
  reason: string;
  /** Resources whose delete failed: what RetainResources would name. */
  failedResources: { logicalId: string; physicalId?: string; type: string; reason?: string }[];
}

interface Sign {
  class: FailureClass;
  pattern: RegExp;
}

/**
 * What AWS says, in the order in which it is acted upon: a bucket that can be emptied now comes
 * before a wait, a wait before a guess. Source of the sentences: users' reports of failed deletes.
 */
const signs: readonly Sign[] = [
  { class: 'role-gone', pattern: /role .* is invalid or cannot be assumed/i },
  { class: 'bucket-not-empty', pattern: /bucket you tried to delete is not empty|BucketNotEmpty/i },
  { class: 'replicated-function', pattern: /replicated function/i },
  { class: 'network-interfaces', pattern: /network ?interface/i },
  { class: 'throttled', pattern: /rate exceeded|throttl|too ?many ?requests|slow ?down/i },
  { class: 'dependent-object', pattern: /has a dependent object|DependencyViolation|in use/i },
  { class: 'access-denied', pattern: /access ?denied|not authorized|unauthorized/i },
];

/** Reads a failed delete from its events, newest first, those of the attempt only. */
export function classifyFailure(
  events: readonly StackEvent[],
  stackId: string,
  stackReason?: string,
): Failure {
  const failed = events.filter((event) => event.status === 'DELETE_FAILED');
  const failedResources = dedupe(
    failed.filter((event) => event.physicalId !== stackId && event.type !== stackType),
  );
  const stackEvent = failed.find(
    (event) => event.physicalId === stackId || event.type === stackType,
  );
  const reasons = [
    ...failedResources.map((event) => event.reason),
    stackEvent?.reason,
    stackReason,
  ].filter((reason) => reason !== undefined);

  const sign = signs.find(({ pattern }) => reasons.some((reason) => pattern.test(reason)));
  const reason =
    (sign && reasons.find((text) => sign.pattern.test(text))) ?? reasons[0] ?? 'AWS gave no reason';
  return {
    class: sign?.class ?? 'unknown',
    remedy: remedyFor(sign, failedResources),
    reason,
    failedResources: failedResources.map(({ logicalId, physicalId, type, reason: why }) => ({
      logicalId,
      type,
      ...(physicalId === undefined ? {} : { physicalId }),
      ...(why === undefined ? {} : { reason: why }),
    })),
  };
}

const stackType = 'AWS::CloudFormation::Stack';

function remedyFor(sign: Sign | undefined, failed: readonly StackEvent[]): Remedy {
  switch (sign?.class) {
    case 'bucket-not-empty':
      return {
        kind: 'buckets',
        buckets: failed
          .filter((event) => event.reason !== undefined && sign.pattern.test(event.reason))
          .flatMap(({ physicalId, logicalId }) =>
            physicalId ? [{ name: physicalId, logicalId }] : [],
          ),
      };
    case 'network-interfaces':
      return { kind: 'wait', wait: 'networkInterfaces' };
    case 'replicated-function':
      return { kind: 'wait', wait: 'replicatedFunction' };
    case 'throttled':
      return { kind: 'wait', wait: 'throttled' };
    case 'role-gone':
      return { kind: 'other-role' };
    case 'access-denied':
      return { kind: 'give-up' };
    default:
      return { kind: 'next-pass' };
  }
}

/** The newest event of each resource: a resource retried within one delete fails more than once. */
function dedupe(events: readonly StackEvent[]): StackEvent[] {
  const newest = new Map<string, StackEvent>();
  for (const event of events) if (!newest.has(event.logicalId)) newest.set(event.logicalId, event);
  return [...newest.values()];
}
