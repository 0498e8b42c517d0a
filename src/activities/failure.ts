import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { fromAwsError, isThrottling } from '../aws/errors.js';
import { InvalidInputError, type NightshiftError } from '../domain/errors.js';

/**
 * Turns an error into the failure that a workflow sees: its type is the error's code, and Temporal
 * tries again only what may succeed then. `progress` is for whoever goes on from there.
 */
export function toFailure(error: unknown, doing: string, progress?: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  const known = fromAwsError(error, doing);
  return ApplicationFailure.create({
    type: known.code,
    message: known.message,
    nonRetryable: !known.retryable,
    details: progress === undefined ? [detailsOf(known)] : [detailsOf(known), progress],
    // Expected in a day's work of a worker: not an error of its own in logs and metrics.
    category: ApplicationFailureCategory.BENIGN,
    ...(isThrottling(known.cause) ? { nextRetryDelay: '30s' } : {}),
  });
}

/** What travels with a failure, for the person who reads it. */
export interface FailureDetails {
  hint?: string;
  issues?: InvalidInputError['issues'];
}

function detailsOf(error: NightshiftError): FailureDetails {
  return {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error instanceof InvalidInputError ? { issues: error.issues } : {}),
  };
}

const longestBeat = 5_000;

/** Milliseconds between heartbeats: a worker that lives is never taken for dead for being late with one or two. */
function beatOf(heartbeatTimeout: number | undefined): number {
  return Math.min(longestBeat, (heartbeatTimeout ?? Infinity) / 3);
}

export interface PerformOptions {
  /** The work tells its progress with heartbeats of its own: one without details would wipe out what they said. */
  silent?: boolean;
  /** Aborted when the worker is told to stop: the work ends at once, and is another worker's. */
  stopping?: AbortSignal;
  /** How far the work is, for whoever goes on when it fails: a heartbeat may not have told it yet. */
  progress?: () => unknown;
}

function workerStops(): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'WorkerStops',
    message: 'the worker stops',
    category: ApplicationFailureCategory.BENIGN,
  });
}

/**
 * Does the work of an activity: heartbeats while it goes on, so that a dead worker is noticed within
 * the heartbeat timeout and a cancellation reaches the work, and makes failures of its errors.
 */
export async function perform<T>(
  doing: string,
  work: (signal: AbortSignal) => Promise<T>,
  { silent = false, stopping, progress }: PerformOptions = {},
): Promise<T> {
  const context = Context.current();
  const { cancellationSignal: cancelled } = context;
  const timer = silent
    ? undefined
    : setInterval(() => context.heartbeat(), beatOf(context.info.heartbeatTimeoutMs));
  try {
    return await work(stopping ? AbortSignal.any([cancelled, stopping]) : cancelled);
  } catch (error) {
    // A cancelled call of the SDK fails with its own error: what it means is that we were cancelled.
    cancelled.throwIfAborted();
    if (stopping?.aborted) throw workerStops();
    throw toFailure(error, doing, progress?.());
  } finally {
    clearInterval(timer);
  }
}
