import { ApplicationFailure, TimeoutFailure } from '@temporalio/workflow';
import type { FollowState } from '../../domain/builds/follow.js';
import type { LogPosition } from '../../domain/builds/result.js';
import { causeOf } from '../failure.js';

/** A build's failure tells how far its log was handed over: whoever writes there, too, goes on from there. */
export function withPosition(error: unknown, position: LogPosition): unknown {
  if (!(error instanceof ApplicationFailure)) return error;
  const { message, type, cause, details } = error;
  return ApplicationFailure.create({
    message,
    ...(type ? { type } : {}),
    nonRetryable: true,
    details: [details?.[0] ?? {}, position],
    ...(cause ? { cause } : {}),
  });
}

/** Where a follower was that did not get to the end; undefined when it says nothing of that. */
export function lastState(error: unknown): FollowState | undefined {
  const cause = causeOf(error);
  if (cause instanceof ApplicationFailure) return followState(cause.details?.[1]);
  if (cause instanceof TimeoutFailure) return followState(cause.lastHeartbeatDetails);
  return undefined;
}

/** What travels with a failure is the server's word, too, at times. */
function followState(value: unknown): FollowState | undefined {
  const isState =
    typeof value === 'object' && value !== null && 'cursor' in value && 'position' in value;
  return isState ? (value as FollowState) : undefined;
}
