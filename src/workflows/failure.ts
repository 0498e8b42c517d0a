import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';

/** The failure of an activity that says what was wrong, without Temporal's own words around it. */
export function causeOf(error: unknown): unknown {
  return error instanceof ActivityFailure && error.cause ? error.cause : error;
}

/** Whether an activity was told no: trying again would not help. */
export function isRefusal(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}

export function messageOf(error: unknown): string {
  const cause = causeOf(error);
  return cause instanceof Error ? cause.message : String(cause);
}

/** What is wrong from the start fails a workflow with that very error, not with an activity's. */
export async function unwrapped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const cause = causeOf(error);
    throw cause instanceof ApplicationFailure ? cause : error;
  }
}

/** For what may be given up: that it was is no failure. */
export function ignoreCancellation(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
