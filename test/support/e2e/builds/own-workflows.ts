import { Client, Connection } from '@temporalio/client';
import { onTestFinished } from 'vitest';
import type { TemporalTarget } from '../../../../src/temporal/index.js';

/** The workflows of one task queue: those of one test. */
export class OwnWorkflows {
  private constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  /** What is left when the test ends, open workflows and the schedule of the sweep, is ended. */
  static async connect(server: TemporalTarget, taskQueue: string): Promise<OwnWorkflows> {
    const connection = await Connection.connect(server.connectionOptions);
    const own = new OwnWorkflows(
      new Client({ connection, namespace: server.namespace }),
      taskQueue,
    );
    onTestFinished(async () => {
      await own.end();
      await connection.close();
    });
    return own;
  }

  /** Ids of those that go on. */
  async open(): Promise<string[]> {
    const query = `TaskQueue = '${this.taskQueue}' AND ExecutionStatus = 'Running'`;
    const ids: string[] = [];
    for await (const { workflowId } of this.client.workflow.list({ query })) ids.push(workflowId);
    return ids.sort();
  }

  /** The result of a workflow; rejects when it failed. */
  result(workflowId: string): Promise<unknown> {
    return this.client.workflow.getHandle(workflowId).result();
  }

  private async end(): Promise<void> {
    const schedule = this.client.schedule.getHandle(`nightshift-sweep/${this.taskQueue}`);
    await schedule.delete().catch(() => undefined);
    for (const workflowId of await this.open())
      await this.client.workflow
        .getHandle(workflowId)
        .terminate()
        .catch(() => undefined);
  }
}
