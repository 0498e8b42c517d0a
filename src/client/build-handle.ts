import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type WorkflowHandle,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { OneBuild } from '../activities/builds/index.js';
import type { DescribedBuild } from '../activities/builds/describe-build.js';
import type { BuildBegun, StopRequest } from '../domain/builds/messages.js';
import { exitStatusOf, reasonOf } from '../domain/builds/exit-status.js';
import type {
  BuildProgress,
  BuildResult,
  BuildSnapshot,
  EndedStatus,
} from '../domain/builds/result.js';
import { NightshiftError } from '../domain/errors.js';
import { type LogPage, type LogsOptions, readLog } from './build-log.js';
import type { Caller } from './caller.js';
import { describeBuild } from './describe-build.js';
import { fromTemporalError } from './errors.js';

/** A build that CodeBuild has taken. */
export type StartedBuild = Omit<BuildBegun, 'place'> & { target: BuildSnapshot['target'] };

/** One build, whoever started it. */
export interface BuildHandle {
  /** The workflow that follows it; absent for a build that none of Nightshift's follows. */
  readonly workflowId?: string;
  /** Waits until CodeBuild has taken the build. Rejects when it can't be started. */
  started(): Promise<StartedBuild>;
  /** The build as CodeBuild shows it now. */
  status(): Promise<BuildSnapshot>;
  /** Waits for the end. */
  result(): Promise<BuildResult>;
  /**
   * The log from its beginning, every byte once and in order. Follows the build to its end and the log to its
   * last byte, unless told only to read what is there.
   */
  logs(options?: LogsOptions): AsyncGenerator<LogPage>;
  /** Stops the build; `result` waits for it to have stopped. */
  stop(reason?: string): Promise<void>;
}

/** A build that a workflow of ours runs, or ran. */
export class RunBuild implements BuildHandle {
  readonly workflowId: string;
  private readonly handle: WorkflowHandle;

  constructor(
    private readonly caller: Caller,
    ids: { workflowId: string; runId: string },
  ) {
    this.workflowId = ids.workflowId;
    this.handle = caller.client.workflow.getHandle(ids.workflowId, undefined, {
      firstExecutionRunId: ids.runId,
    });
  }

  async started(): Promise<StartedBuild> {
    const begun = await this.next(undefined);
    if (begun) return shown(begun);
    // It failed before there was a build: its failure says why.
    await this.result();
    throw noBuild(this.workflowId);
  }

  /** How the workflow stands. */
  async progress(): Promise<BuildProgress> {
    try {
      return await this.handle.query<BuildProgress>('progress');
    } catch (error) {
      throw fromTemporalError(error, `build ${this.workflowId} can’t be asked`);
    }
  }

  async status(): Promise<BuildSnapshot> {
    const begun = (await this.begun()).at(-1) ?? (await this.next(undefined));
    if (begun) return await lookAgain(this.caller, begun);
    await this.result();
    throw noBuild(this.workflowId);
  }

  async result(): Promise<BuildResult> {
    try {
      const result: unknown = await this.caller.until(undefined, () => this.handle.result());
      return result as BuildResult;
    } catch (error) {
      throw fromTemporalError(error, `build ${this.workflowId}`);
    }
  }

  async *logs(options: LogsOptions = {}): AsyncGenerator<LogPage> {
    let after: string | undefined;
    for (;;) {
      const begun =
        options.follow === false ? await this.known(after) : await this.next(after, options.signal);
      if (!begun || options.signal?.aborted) return;
      yield* readLog(this.caller, begun, options);
      // Nobody waits for another build who has left this one.
      if (options.signal?.aborted) return;
      after = begun.buildId;
    }
  }

  async stop(reason?: string): Promise<void> {
    try {
      const request: StopRequest = reason === undefined ? {} : { reason };
      await this.handle.signal<[StopRequest]>('stop', request);
    } catch (error) {
      // What has ended needs no stop.
      if (error instanceof WorkflowNotFoundError) return;
      throw fromTemporalError(error, `build ${this.workflowId} can’t be stopped`);
    }
  }

  /** The build that began after the one named; undefined when there will be none. */
  private async next(
    after: string | undefined,
    signal?: AbortSignal,
  ): Promise<BuildBegun | undefined> {
    const known = await this.known(after);
    if (known) return known;
    try {
      const args: [{ after?: string }] = [after === undefined ? {} : { after }];
      const begun = await this.caller.until(signal, () =>
        this.handle.executeUpdate<BuildBegun | null, [{ after?: string }]>('nextBuild', { args }),
      );
      return begun ?? undefined;
    } catch (error) {
      if (signal?.aborted) return undefined;
      if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError)
        return await this.known(after);
      throw fromTemporalError(error, `build ${this.workflowId} can’t be followed`);
    }
  }

  private async known(after: string | undefined): Promise<BuildBegun | undefined> {
    const begun = await this.begun();
    const index = after === undefined ? -1 : begun.findIndex(({ buildId }) => buildId === after);
    return begun[index + 1];
  }

  /** All that CodeBuild has taken for this workflow so far, the last one running. */
  private async begun(): Promise<BuildBegun[]> {
    try {
      return await this.handle.query<BuildBegun[]>('builds');
    } catch (error) {
      throw fromTemporalError(error, `build ${this.workflowId} can’t be asked`);
    }
  }
}

/** A build that no workflow of ours follows. */
export class FoundBuild implements BuildHandle {
  constructor(
    private readonly caller: Caller,
    private readonly described: DescribedBuild,
  ) {}

  started(): Promise<StartedBuild> {
    return Promise.resolve(shown(this.begun));
  }

  async status(): Promise<BuildSnapshot> {
    return await lookAgain(this.caller, this.begun);
  }

  async result(): Promise<BuildResult> {
    for (;;) {
      const build = await this.status();
      if (build.status !== 'IN_PROGRESS') return resultOf(build, build.status);
      await delay(lookEvery);
    }
  }

  logs(options: LogsOptions = {}): AsyncGenerator<LogPage> {
    return readLog(this.caller, this.begun, options);
  }

  async stop(): Promise<void> {
    const { place, build } = this.described;
    const request: OneBuild = { place, buildId: build.buildId };
    try {
      await this.caller.client.workflow.execute<(one: OneBuild) => Promise<void>>('stopBuild', {
        workflowId: `build-stop-${build.buildId}-${randomBytes(4).toString('hex')}`,
        taskQueue: this.caller.taskQueue,
        args: [request],
      });
    } catch (error) {
      throw fromTemporalError(error, `build ${build.buildId} can’t be stopped`);
    }
  }

  private get begun(): BuildBegun {
    const { place, build } = this.described;
    const { buildId, arn, project, links } = build;
    return { buildId, arn, project, links, place };
  }
}

/** Milliseconds between looks at a build that no workflow follows. */
const lookEvery = 5_000;

async function lookAgain(caller: Caller, { arn, place }: BuildBegun): Promise<BuildSnapshot> {
  return (await describeBuild(caller, { build: arn, place })).build;
}

function shown({ buildId, arn, project, links, place }: BuildBegun): StartedBuild {
  return { buildId, arn, project, links, target: place.target };
}

function resultOf(build: BuildSnapshot, status: EndedStatus): BuildResult {
  const { buildId, arn, project, target, phases, startedAt, endedAt, log, links } = build;
  const exitStatus = status === 'SUCCEEDED' ? undefined : exitStatusOf(phases);
  const reason = reasonOf(status, phases);
  return {
    buildId,
    arn,
    project,
    target,
    status,
    phases,
    log,
    links,
    earlier: [],
    ...(exitStatus === undefined ? {} : { exitStatus }),
    ...(reason === undefined ? {} : { reason }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
  };
}

function noBuild(workflowId: string): NightshiftError {
  return new NightshiftError('Internal', `${workflowId} has no build`);
}
