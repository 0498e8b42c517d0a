import { Client, Connection } from '@temporalio/client';
import type { TemporalTarget } from '../../temporal/index.js';

const deadline = 5_000;

/**
 * Ends the workflows of a demo that was broken off: its worker is gone for good, so nobody else would. A
 * server that doesn't answer any more keeps them; they harm no one, as no other demo has their accounts.
 */
export async function endOpenWorkflows(
  { connectionOptions, namespace }: TemporalTarget,
  taskQueue: string,
): Promise<void> {
  try {
    const connection = await Connection.connect({ ...connectionOptions, connectTimeout: deadline });
    try {
      const client = new Client({ connection, namespace });
      const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
      await client.withDeadline(Date.now() + deadline, async () => {
        for await (const { workflowId, runId } of client.workflow.list({ query }))
          await client.workflow.getHandle(workflowId, runId).terminate('the demo was broken off');
      });
    } finally {
      await connection.close();
    }
  } catch {
    // The demo ends either way, and says why.
  }
}
