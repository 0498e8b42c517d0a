import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { NightshiftError } from '../../../domain/errors.js';
import { type LineName, lineKey, lineWorkflowId } from '../../../domain/images/cell.js';
import type { LineRecord } from '../../../domain/images/result.js';
import { lineRecordSchema } from '../../../domain/images/tracker/record-schema.js';
import { abortable } from '../../abortable.js';

/** What a line has recorded by now: asked of its workflow, as it would fill the history to hand it over each time. */
export async function lineRecord(
  client: Client,
  name: LineName,
  signal: AbortSignal,
): Promise<LineRecord> {
  const handle = client.workflow.getHandle(lineWorkflowId(name));
  try {
    return lineRecordSchema.parse(await abortable(handle.query('record'), signal));
  } catch (error) {
    signal.throwIfAborted();
    const message = `the line ${lineKey(name)} can’t be asked for its record`;
    if (error instanceof WorkflowNotFoundError)
      throw new NightshiftError('NotFound', `${message}: it is not there`, { cause: error });
    throw new NightshiftError(
      'Internal',
      `${message}: ${error instanceof Error ? error.message : String(error)}`,
      { retryable: true, cause: error },
    );
  }
}
