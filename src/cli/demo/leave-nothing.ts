import { Client, Connection } from '@temporalio/client';
import type { TemporalTarget } from '../../temporal/index.js';

const deadline = 20_000;

/**
 * Ends what a demo has left on its Temporal server: the schedules that its worker made, and the workflows of a
 * demo that was broken off. Its worker is gone for good, so nobody else would. A server that doesn't answer any
 * more keeps them; they harm no one, as no other demo has the same accounts and queues.
 */
export async function leaveNothing(
  { connectionOptions, namespace }: TemporalTarget,
  taskQueue: string,
): Promise<void> {
  try {
    const connection = await Connection.connect({ ...connectionOptions, connectTimeout: deadline });
    try {
      const client = new Client({ connection, namespace });
      await client.withDeadline(Date.now() + deadline, async () => {
        // First, as they would begin further workflows.
        await deleteSchedules(client, taskQueue);
        await endWorkflows(client, taskQueue);
      });
    } finally {
      await connection.close();
    }
  } catch {
    // The demo ends either way, and says why.
  }
}

/** A worker's own schedules are named after its task queue, which no other demo has. */
async function deleteSchedules({ schedule }: Client, taskQueue: string): Promise<void> {
  for await (const { scheduleId } of schedule.list())
    if (scheduleId.endsWith(`/${taskQueue}`)) await schedule.getHandle(scheduleId).delete();
}

async function endWorkflows({ workflow }: Client, taskQueue: string): Promise<void> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId, runId } of workflow.list({ query }))
    await workflow.getHandle(workflowId, runId).terminate('the demo is over');
}
