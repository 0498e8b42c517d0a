import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { abortable } from '../abortable.js';

/** Returns when no workflow with this id runs any more: the server tells when it ends. */
export async function awaitTargetFree(
  client: Client,
  workflowId: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await abortable(client.workflow.getHandle(workflowId).result(), signal);
  } catch (error) {
    // However it ended, and even if it is forgotten by now: the target is free.
    if (error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError) return;
    throw error;
  }
}
