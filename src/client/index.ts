import { Client, Connection } from '@temporalio/client';
import { type LoadedConfig, loadConfig } from '../config/index.js';
import {
  type FindOptions,
  type TemporalTarget,
  connectTemporal,
  noTemporalServer,
} from '../temporal/index.js';
import { BuildkiteClient } from './buildkite.js';
import { BuildsClient } from './builds.js';
import { Caller } from './caller.js';
import { CleanupClient } from './cleanup.js';
import { ImagesClient } from './images.js';
import { ScheduleClient } from './schedules.js';
import { pollingWorkers } from './workers.js';

export interface ConnectOptions extends FindOptions {
  /** The server, when it is known already; otherwise found as the command line finds it. */
  server?: TemporalTarget;
  /** Task queue of the workers; `nightshift` unless told otherwise. */
  taskQueue?: string;
}

/**
 * The typed client: everything that the command line does is done through it.
 *
 * ```ts
 * const nightshift = await NightshiftClient.connect();
 * const run = await nightshift.cleanup.run({ policies: ['delete-ephemeral-cfn-stacks'] });
 * const { status } = await run.result();
 * await nightshift.close();
 * ```
 */
export class NightshiftClient {
  readonly cleanup: CleanupClient;
  readonly builds: BuildsClient;
  readonly buildkite: BuildkiteClient;
  readonly images: ImagesClient;
  readonly schedules: ScheduleClient;

  private readonly closing = new AbortController();

  private constructor(
    private readonly connection: Connection,
    private readonly namespace: string,
    /** Task queue that runs are put in. */
    readonly taskQueue: string,
  ) {
    const client = new Client({ connection, namespace });
    this.cleanup = new CleanupClient(client, taskQueue);
    const caller = new Caller(client, taskQueue, this.closing.signal);
    this.builds = new BuildsClient(caller);
    this.images = new ImagesClient(caller);
    this.buildkite = new BuildkiteClient(client, taskQueue);
    this.schedules = new ScheduleClient(client, taskQueue);
  }

  /** @throws NightshiftError `NoTemporalServer`, naming the ways out. */
  static async connect(options: ConnectOptions = {}): Promise<NightshiftClient> {
    const server = options.server ?? (await connectTemporal(options));
    try {
      const connection = await Connection.connect({
        ...server.connectionOptions,
        connectTimeout: '10s',
      });
      return new NightshiftClient(connection, server.namespace, options.taskQueue ?? 'nightshift');
    } catch (error) {
      throw noTemporalServer(`${server.address} can’t be reached`, error);
    }
  }

  /** Identities (`pid@host`) of the workers that have polled the task queue within the last 90 s. */
  workers(): Promise<string[]> {
    return pollingWorkers(this.connection, this.namespace, this.taskQueue);
  }

  /** Ends what is being waited for, and the connection. */
  async close(): Promise<void> {
    // A call that goes on when its channel is gone would fail where nobody can catch it.
    this.closing.abort();
    await new Promise((resolve) => setImmediate(resolve));
    await this.connection.close();
  }
}

/** Reads `nightshift.yaml` and its policies: what a run takes as its `setup`. */
export async function loadSetup(path?: string): Promise<LoadedConfig> {
  return await loadConfig(path === undefined ? {} : { path });
}

export { RunHandle, type RunView } from './run-handle.js';
export type { RunListing, StartOptions } from './cleanup.js';
export type { JobHandle, RunJobOptions } from './buildkite.js';
export type { JobResult, JobStanding, QueueStatus } from '../domain/buildkite/result.js';
export type { SweepResult } from '../domain/builds/sweep.js';
export type { BuildHandle, StartedBuild } from './build-handle.js';
export type { LogPage, LogsOptions } from './build-log.js';
export type { BuildListing, BuildWhere, RunBuildOptions } from './builds.js';
export type { BuildRequest } from '../domain/builds/input.js';
export type { BuildResult, BuildSnapshot, BuildStatus } from '../domain/builds/result.js';
export type { LineHandle, LineOptions } from './images.js';
export type {
  CellChoice,
  PruneResult,
  ReleaseResult,
  SeedResult,
} from '../domain/images/messages.js';
export type {
  CellState,
  CellStatus,
  CheckResult,
  CheckStarted,
  LineStatus,
} from '../domain/images/result.js';
export type { ScheduleChange, ScheduleListing } from './schedules.js';
export type { CleanupRequest, Setup } from '../domain/cleanup/input.js';
export type { Plan, PlanItem } from '../domain/cleanup/plan.js';
export type { RunProgress, RunSummary, TargetProgress } from '../domain/cleanup/progress.js';
export type { ResultItem, RunResult, RunStatus } from '../domain/cleanup/result.js';
export { InvalidInputError, NightshiftError, type ErrorCode } from '../domain/errors.js';
