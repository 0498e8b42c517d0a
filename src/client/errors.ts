import {
  ApplicationFailure,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  QueryNotRegisteredError,
} from '@temporalio/client';
import { z } from 'zod';
import { InvalidInputError, NightshiftError, errorCodes } from '../domain/errors.js';

const detailsSchema = z.object({
  hint: z.string().optional(),
  issues: z
    .array(z.object({ source: z.string(), path: z.string(), message: z.string() }))
    .optional(),
});
const codeSchema = z.enum(errorCodes);

/** Turns what the server or a workflow answered into an error for the person who reads it. */
export function fromTemporalError(error: unknown, doing: string): NightshiftError {
  if (error instanceof NightshiftError) return error;
  if (error instanceof WorkflowFailedError || error instanceof WorkflowUpdateFailedError) {
    return fromFailure(error.cause ?? error, doing);
  }
  if (error instanceof WorkflowNotFoundError && /already completed/i.test(error.message)) {
    return new NightshiftError('InvalidInput', `${doing}: the run has ended`, {
      hint: '`nightshift cleanup report` shows how',
      cause: error,
    });
  }
  if (error instanceof WorkflowNotFoundError) {
    return new NightshiftError('NotFound', `${doing}: there is no such run`, {
      hint: 'name a run by its workflow id or run id, or say latest',
      cause: error,
    });
  }
  if (
    error instanceof QueryNotRegisteredError ||
    error instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    isUnanswered(error)
  ) {
    return new NightshiftError('NoTemporalServer', `${doing}: no worker answers`, {
      hint: 'start one with `nightshift worker`, or use --local',
      retryable: true,
      cause: error,
    });
  }
  if (isTaskInFailedState(error)) {
    return new NightshiftError(
      'NoTemporalServer',
      `${doing}: its workers are lost in the middle of its work, again and again`,
      {
        hint: 'the log of the workers says why; ask again once one lives',
        retryable: true,
        cause: error,
      },
    );
  }
  return new NightshiftError(
    'Internal',
    `${doing}: ${error instanceof Error ? error.message : String(error)}`,
    { cause: error },
  );
}

function fromFailure(cause: unknown, doing: string): NightshiftError {
  const failure = rootFailure(cause);
  if (!failure)
    return new NightshiftError(
      'Internal',
      `${doing}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  const details = detailsSchema.safeParse(failure.details?.[0]).data;
  if (details?.issues && details.issues.length > 0)
    return new InvalidInputError(details.issues, { cause });
  const code = codeSchema.safeParse(failure.type).data ?? 'Internal';
  return new NightshiftError(code, failure.message, {
    ...(details?.hint === undefined ? {} : { hint: details.hint }),
    retryable: !failure.nonRetryable,
    cause,
  });
}

/** The failure that says what went wrong: an activity's failure wraps it. */
function rootFailure(error: unknown): ApplicationFailure | undefined {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof ApplicationFailure) return each;
  }
  return undefined;
}

/** Whether the server takes no update for a workflow because its last tasks have failed, as they do when workers die. */
export function isTaskInFailedState(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause)
    if (each.message.includes('Workflow Task in failed state')) return true;
  return false;
}

/** Whether a call ran into its deadline, or the server found no worker to answer. */
export function isUnanswered(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (/DEADLINE_EXCEEDED|no poller|deadline exceeded/i.test(each.message)) return true;
  }
  return false;
}
