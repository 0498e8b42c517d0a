import { Context } from '@temporalio/activity';
import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { type Config, lineOf, parseInput } from '../../domain/config/index.js';
import { NightshiftError } from '../../domain/errors.js';
import { lineKey, lineWorkflowId } from '../../domain/images/cell.js';
import { lineRequestSchema } from '../../domain/images/input.js';
import type { CheckRequest, LineRequest } from '../../domain/images/messages.js';
import type { CheckResult, CheckStarted } from '../../domain/images/result.js';
import { abortable } from '../abortable.js';

type Line = (request: LineRequest) => Promise<void>;

export interface CheckLineOptions {
  client: Client;
  request: LineRequest;
  taskQueue: string;
  signal: AbortSignal;
}

/**
 * The line that is meant, by its channel, too: who starts a check by hand may leave out the only one there is.
 *
 * @throws InvalidInputError
 */
export async function namedLine(
  input: unknown,
  ownConfig: () => Promise<Config>,
): Promise<LineRequest> {
  const { setup, ...named } = parseInput(lineRequestSchema, input, 'imageCheck');
  const { line, channel } = lineOf(setup?.config ?? (await ownConfig()), named.line, named.channel);
  return { line, channel, ...(setup ? { setup } : {}) };
}

/**
 * Has a line check, and waits until all that this sets to be built has come to its end. A worker that takes this over
 * joins the same check: the update has the id of the workflow that asks.
 *
 * @throws ApplicationFailure what the line said was wrong: it would say the same again.
 * @throws NightshiftError `NoTemporalServer`, retryable, where it could not be asked.
 */
export async function checkLine(options: CheckLineOptions): Promise<CheckResult> {
  const { signal } = options;
  try {
    const { check } = await abortable(begin(options), signal);
    return await abortable(settled(options, check), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw asFailure(error, options.request);
  }
}

async function begin({ client, request, taskQueue }: CheckLineOptions): Promise<CheckStarted> {
  const { runId = '' } = Context.current().info.workflowExecution ?? {};
  const { setup } = request;
  const startWorkflowOperation = new WithStartWorkflowOperation<Line>('imageLine', {
    workflowId: lineWorkflowId(request),
    taskQueue,
    args: [request],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return await client.workflow.executeUpdateWithStart<Line, CheckStarted, [CheckRequest]>('check', {
    args: [setup ? { setup } : {}],
    updateId: `check-${runId}`,
    startWorkflowOperation,
  });
}

async function settled({ client, request }: CheckLineOptions, check: number): Promise<CheckResult> {
  const handle = client.workflow.getHandle(lineWorkflowId(request));
  const ask = { args: [{ check }] as [{ check: number }] };
  for (;;) {
    const result = await handle.executeUpdate<CheckResult | null, [{ check: number }]>(
      'settled',
      ask,
    );
    // Null: the line has continued as new.
    if (result) return result;
  }
}

function asFailure(error: unknown, request: LineRequest): unknown {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (cause instanceof ApplicationFailure) {
    const { message, type, details } = cause;
    return ApplicationFailure.create({
      message,
      nonRetryable: true,
      cause,
      category: ApplicationFailureCategory.BENIGN,
      ...(type ? { type } : {}),
      ...(details ? { details } : {}),
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new NightshiftError(
    'NoTemporalServer',
    `line ${lineKey(request)} can’t be asked: ${reason}`,
    { retryable: true, cause: error },
  );
}
