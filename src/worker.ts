import { join } from 'node:path';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities } from './activities/index.js';
import { BuildkiteSecrets } from './activities/buildkite/secrets.js';
import { AwsConnections } from './aws/connections.js';
import type { Setup } from './domain/cleanup/input.js';
import { configSchema } from './domain/config/index.js';
import { parseDuration } from './domain/duration.js';
import { NightshiftError } from './domain/errors.js';
import { packageRoot } from './temporal/package-root.js';
import type { TemporalTarget } from './temporal/index.js';
import type { NightshiftMetrics, Tracing } from './telemetry/index.js';

export interface WorkerSettings {
  server: Pick<TemporalTarget, 'connectionOptions' | 'namespace'>;
  taskQueue: string;
  /** The worker's own config, for runs that bring none: those of schedules and of `temporal workflow start`. */
  ownSetup?: () => Promise<Setup>;
  /** How soon others are to notice that this worker died: `pace.workerTimeout` of its config, 30s unless given. */
  workerTimeout?: string | undefined;
  tracing?: Tracing;
  metrics?: NightshiftMetrics;
}

export interface NightshiftWorker {
  /** Polls until `stop`; resolves when all that was under way is handed over. */
  run(): Promise<void>;
  /** Takes no more, and lets activities end or hand over within the grace time. */
  stop(): void;
}

/** Long activities are told of a shutdown and hand over at once: another worker goes on from there. */
const shutdownGraceTime = '10s';

/** Milliseconds: Temporal's own default. */
const longestSticky = 10_000;

/**
 * Percent of what lives in a heap, by which it may grow before V8 looks for what doesn't. Where a heap may be larger than
 * 2 GB, V8 itself takes 300: three quarters of a worker's memory are garbage then, for no other reason than that the
 * machine has room. Below, it takes 30 to 100.
 */
const heapGrowth = 100;
const largeHeap = 2 * 2 ** 30;

/** Puts a worker together: workflows, activities, and their way to AWS. */
export async function createWorker({
  server,
  taskQueue,
  ownSetup,
  workerTimeout = '30s',
  tracing,
  metrics,
}: WorkerSettings): Promise<NightshiftWorker> {
  keepHeapsSmall();
  const connection = await NativeConnection.connect(server.connectionOptions);
  const aws = new AwsConnections(metrics?.awsCall);
  const stopping = new AbortController();
  const client = new Client({ connection, namespace: server.namespace });
  const bundle = tracing?.enabled ? 'bundle-traced.js' : 'bundle.js';
  const worker = await Worker.create({
    connection,
    namespace: server.namespace,
    taskQueue,
    workflowBundle: { codePath: join(packageRoot(), 'dist/workflows', bundle) },
    activities: createActivities({
      aws,
      client,
      ownSetup: ownSetup ?? noSetup,
      // A build needs no config: its input can say all of it.
      ownConfig: async () => (ownSetup ? (await ownSetup()).config : configSchema.parse(forBuilds)),
      secrets: new BuildkiteSecrets(aws),
      stopping: stopping.signal,
    }),
    ...(tracing ? { interceptors: tracing.interceptors } : {}),
    ...(tracing?.sinks ? { sinks: tracing.sinks } : {}),
    shutdownGraceTime,
    // One long watch for each target and build, two for each Buildkite job, besides the short ones.
    maxConcurrentActivityTaskExecutions: 2_500,
    // Each takes half a megabyte. Those that wait for hours have no use for it, and their histories are short.
    maxCachedWorkflows: 40,
    // What a worker has cached is kept for it for so long; then another begins anew from the history.
    stickyQueueScheduleToStartTimeout: Math.min(longestSticky, parseDuration(workerTimeout) / 3),
    // Activities beat as often as their timeout asks for: hardly any beat has to be held back.
    maxHeartbeatThrottleInterval: '250ms',
    defaultHeartbeatThrottleInterval: '250ms',
  });
  return {
    run: async () => {
      try {
        await worker.run();
      } finally {
        aws.destroy();
        await connection.close();
      }
    },
    stop: () => {
      stopping.abort();
      if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

/** Those of the whole process: to be called before the threads of its workflows are there. */
function keepHeapsSmall(): void {
  if (getHeapStatistics().heap_size_limit > largeHeap)
    setFlagsFromString(`--heap-growing-percent=${heapGrowth}`);
}

/** All defaults. */
const forBuilds = { builds: {} };

function noSetup(): Promise<Setup> {
  throw new NightshiftError(
    'InvalidInput',
    'the run brings no config, and the worker has none of its own',
    {
      hint: 'start the worker with --config nightshift.yaml, or the run with one',
    },
  );
}
