/**
 * The health check of a worker's container: exits 0 when Temporal sees a worker of this host poll the task queue,
 * else 1 with the reason. Reads the same nightshift.yaml and environment as the worker.
 */
import { Connection } from '@temporalio/client';
import { hostname } from 'node:os';
import { loadConfig } from '../config/index.js';
import {
  configuredNamespace,
  configuredTarget,
  defaultAddress,
  localTarget,
} from '../temporal/target.js';
import { workerTrouble } from './health.js';

async function check(): Promise<string | undefined> {
  const { temporal } = (await loadConfig()).config;
  const target =
    configuredTarget({ temporal }) ??
    localTarget(defaultAddress, configuredNamespace({ temporal }));
  const connection = await Connection.connect({
    ...target.connectionOptions,
    connectTimeout: '10s',
  }).catch((cause: unknown) => {
    throw new Error(`Temporal at ${target.address} can't be reached: ${String(cause)}`, { cause });
  });
  try {
    return await workerTrouble(connection, {
      namespace: target.namespace,
      taskQueue: temporal.taskQueue,
      host: hostname(),
      now: Date.now(),
    });
  } finally {
    await connection.close();
  }
}

const trouble = await check().catch((error: unknown) =>
  error instanceof Error ? error.message : String(error),
);
if (trouble !== undefined) {
  process.stderr.write(`${trouble}\n`);
  process.exitCode = 1;
}
