import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { Context } from '@temporalio/activity';
import { type Config, lineOf, parseInput } from '../../domain/config/index.js';
import { lineWorkflowId } from '../../domain/images/cell.js';
import { lineRequestSchema } from '../../domain/images/input.js';
import type { CheckRequest, LineRequest } from '../../domain/images/messages.js';
import type { CheckResult, CheckStarted } from '../../domain/images/result.js';

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
 */
export async function checkLine({
  client,
  request,
  taskQueue,
  signal,
}: CheckLineOptions): Promise<CheckResult> {
  const { runId = '' } = Context.current().info.workflowExecution ?? {};
  const { line, channel, setup } = request;
  const workflowId = lineWorkflowId({ line, channel });
  return await client.withAbortSignal(signal, async () => {
    const startWorkflowOperation = new WithStartWorkflowOperation<Line>('imageLine', {
      workflowId,
      taskQueue,
      args: [request],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    const { check } = await client.workflow.executeUpdateWithStart<
      Line,
      CheckStarted,
      [CheckRequest]
    >('check', {
      args: [setup ? { setup } : {}],
      updateId: `check-${runId}`,
      startWorkflowOperation,
    });
    const handle = client.workflow.getHandle(workflowId);
    for (;;) {
      const result = await handle.executeUpdate<CheckResult | null, [{ check: number }]>(
        'settled',
        {
          args: [{ check }],
        },
      );
      if (result) return result;
    }
  });
}
