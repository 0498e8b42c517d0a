import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import proto, { type temporal } from '@temporalio/proto';

/** What is asked of a Temporal connection here; `Connection` and `NativeConnection` both answer it. */
export interface TaskQueueDescriber {
  workflowService: {
    describeTaskQueue(
      request: temporal.api.workflowservice.v1.IDescribeTaskQueueRequest,
    ): Promise<temporal.api.workflowservice.v1.IDescribeTaskQueueResponse>;
  };
}

export interface WorkerQuery {
  namespace: string;
  taskQueue: string;
  /** The host in the identity of the worker, which is `pid@host` unless it was given another. */
  host: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Milliseconds. A poll lasts up to a minute, and the server notes when it began. */
const quietFor = 150_000;

/** Why a worker isn't healthy; undefined when the Temporal server has lately seen it poll the task queue. */
export async function workerTrouble(
  server: TaskQueueDescriber,
  { namespace, taskQueue, host, now }: WorkerQuery,
): Promise<string | undefined> {
  const { pollers } = await server.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  const queue = `task queue ${taskQueue} of namespace ${namespace}`;
  const ours = (pollers ?? []).filter(({ identity }) => identity?.split('@').includes(host));
  if (ours.length === 0) return `no worker on ${host} polls ${queue}`;
  const last = Math.max(...ours.map(({ lastAccessTime }) => optionalTsToMs(lastAccessTime) ?? 0));
  if (now - last <= quietFor) return undefined;
  return `the worker on ${host} last polled ${queue} at ${new Date(last).toISOString()}`;
}
