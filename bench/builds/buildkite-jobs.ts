import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import type { BuildResult } from '../../src/client/index.js';
import type { Config } from '../../src/domain/config/index.js';
import type { TemporalTarget } from '../../src/temporal/index.js';
import type { Stage } from '../stage.js';
import { benchQueue } from './cases.js';
import type { SunkBuild } from './sunk-build.js';

/** Serves the queue until all jobs that wait in the sandbox's Buildkite have ended. */
export async function runBuildkiteJobs(
  { admin, taskQueue }: Stage,
  { server, config }: { server: TemporalTarget; config: Config },
): Promise<SunkBuild[]> {
  const jobs = await admin.buildkiteJobs();
  const connection = await Connection.connect(server.connectionOptions);
  const client = new Client({ connection, namespace: server.namespace });
  const queue = await client.workflow.start('buildkiteQueue', {
    workflowId: `buildkite-queue/${taskQueue}`,
    taskQueue,
    args: [{ queue: benchQueue, setup: { config } }],
  });
  try {
    const sunk: SunkBuild[] = [];
    for (const { uuid } of jobs) {
      await resultOf(client, `buildkite-job/${uuid}`);
      const build = await resultOf<BuildResult>(client, `buildkite-job/${uuid}/build`);
      const { log } = await admin.buildkiteJob(uuid);
      sunk.push({ build, log: uuid, bytes: log.bytes, sha256: log.sha256 });
    }
    await queue.signal('stop');
    await queue.result();
    return sunk;
  } finally {
    await connection.close();
  }
}

/** The result of a workflow that may not have begun. */
async function resultOf<R>(client: Client, workflowId: string): Promise<R> {
  for (;;) {
    try {
      return await client.workflow.getHandle<() => Promise<R>>(workflowId).result();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await delay(500);
    }
  }
}
