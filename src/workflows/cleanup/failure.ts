import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  rootCause,
} from '@temporalio/workflow';
import type { TargetError } from '../../domain/cleanup/plan.js';

/** What an activity's failure means to the person who reads the report. */
export function targetErrorOf(error: unknown): TargetError {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const hint = hintOf(cause.details?.[0]);
    return {
      code: cause.type ?? 'Internal',
      message: cause.message,
      ...(hint === undefined ? {} : { hint }),
    };
  }
  if (isCancellation(error)) return { code: 'Cancelled', message: 'the run was cancelled' };
  return { code: 'Internal', message: rootCause(error) ?? String(error) };
}

function hintOf(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('hint' in details)) return undefined;
  return typeof details.hint === 'string' ? details.hint : undefined;
}
