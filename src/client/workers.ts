import type { Connection } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import { fromTemporalError } from './errors.js';

/** A poll lasts a minute; the server remembers pollers for five, those of dead workers included. */
const quietFor = 90_000;
const patience = 10_000;

/** Identities (`pid@host`) of the workers that the server has seen polling the task queue lately. */
export async function pollingWorkers(
  connection: Connection,
  namespace: string,
  taskQueue: string,
): Promise<string[]> {
  try {
    const { pollers } = await connection.withDeadline(Date.now() + patience, () =>
      connection.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: taskQueue },
        taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      }),
    );
    const since = Date.now() - quietFor;
    const lately = (pollers ?? []).filter(
      ({ lastAccessTime }) => (optionalTsToMs(lastAccessTime) ?? 0) > since,
    );
    return [...new Set(lately.map(({ identity }) => identity ?? 'unnamed'))];
  } catch (error) {
    throw fromTemporalError(error, `task queue ${taskQueue} can’t be looked at`);
  }
}
