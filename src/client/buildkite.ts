import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type WorkflowHandle,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { JobRequest, QueueRequest } from '../domain/buildkite/input.js';
import type { JobResult, JobStanding, QueueStatus } from '../domain/buildkite/result.js';
import type { BuildSetup } from '../domain/builds/setup.js';
import type { SweepRequest, SweepResult } from '../domain/builds/sweep.js';
import { buildkiteOf, buildsOf } from '../domain/config/index.js';
import { parseDuration } from '../domain/duration.js';
import { NightshiftError } from '../domain/errors.js';
import { fromTemporalError } from './errors.js';

export interface RunJobOptions {
  /** Key of the queue whose settings count; not needed where there is one. */
  queue?: string;
  /** The config; the worker's own when absent. */
  setup?: BuildSetup;
}

/** One job of Buildkite's, run as a CodeBuild build. */
export interface JobHandle {
  readonly workflowId: string;
  standing(): Promise<JobStanding>;
  /** Waits for the end. */
  result(): Promise<JobResult>;
  /** Stops the build; Buildkite is told that the agent stopped. */
  cancel(): Promise<void>;
}

/** Serves Buildkite's queues, and runs jobs by hand. */
export class BuildkiteClient {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  /**
   * Has the queues of a config served from now on: a workflow for each, which goes on until `stop`. One that is
   * served already takes the new settings.
   */
  async serve(setup: BuildSetup): Promise<string[]> {
    const { queues } = buildkiteOf(setup.config);
    for (const { queue } of queues) {
      await this.try(`queue ${queue} can’t be served`, () =>
        this.client.workflow.signalWithStart<
          (request: QueueRequest) => Promise<void>,
          [BuildSetup]
        >('buildkiteQueue', {
          workflowId: queueWorkflowId(queue),
          taskQueue: this.taskQueue,
          args: [{ queue, setup }],
          signal: 'configure',
          signalArgs: [setup],
        }),
      );
    }
    await this.scheduleSweep(setup);
    return queues.map(({ queue }) => queue);
  }

  /** Runs a job by its UUID, at once: it takes no slot of its queue. One that runs already, or has run, is joined. */
  async runJob(jobId: string, options: RunJobOptions = {}): Promise<JobHandle> {
    const handle = await this.try(`job ${jobId} can’t be run`, () => this.startJob(jobId, options));
    return this.jobHandle(handle);
  }

  /** A job that Nightshift runs or ran. */
  job(jobId: string): JobHandle {
    return this.jobHandle(this.client.workflow.getHandle(jobWorkflowId(jobId)));
  }

  /** How the queues stand that are served. */
  async status(): Promise<QueueStatus[]> {
    const query = `WorkflowType = 'buildkiteQueue' AND ExecutionStatus = 'Running' AND TaskQueue = '${this.taskQueue}'`;
    const all: QueueStatus[] = [];
    for await (const { workflowId } of this.client.workflow.list({ query })) {
      const handle = this.client.workflow.getHandle(workflowId);
      all.push(await this.try('queues can’t be asked', () => handle.query<QueueStatus>('status')));
    }
    return all.sort((a, b) => (a.queue < b.queue ? -1 : 1));
  }

  /** Takes no more jobs of a queue; those that run go on. */
  async stop(queue: string): Promise<void> {
    const handle = this.client.workflow.getHandle(queueWorkflowId(queue));
    try {
      await handle.signal('stop');
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError))
        throw fromTemporalError(error, `queue ${queue} can’t be stopped`);
      throw new NightshiftError('NotFound', `queue ${queue} is not served`, {
        hint: '`nightshift buildkite status` shows the queues that are',
        cause: error,
      });
    }
  }

  /** Looks for builds and jobs whose workflow is gone, and ends them. */
  async sweep(setup?: BuildSetup): Promise<SweepResult> {
    return await this.try('builds can’t be swept', () =>
      this.client.workflow.execute<(request: SweepRequest) => Promise<SweepResult>>('sweepBuilds', {
        workflowId: this.sweepId,
        taskQueue: this.taskQueue,
        args: [setup === undefined ? {} : { setup }],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      }),
    );
  }

  /** Has builds and jobs swept now and then, as `builds.orphanSweep` says. */
  async scheduleSweep(setup: BuildSetup): Promise<void> {
    const every = parseDuration(buildsOf(setup.config).orphanSweep);
    const options = {
      scheduleId: this.sweepId,
      spec: { intervals: [{ every }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' as const },
      action: {
        type: 'startWorkflow' as const,
        workflowType: 'sweepBuilds',
        workflowId: this.sweepId,
        taskQueue: this.taskQueue,
        args: [{ setup }],
      },
    };
    await this.try('the orphan sweep can’t be scheduled', async () => {
      const handle = this.client.schedule.getHandle(this.sweepId);
      const update = () => handle.update(({ state }) => ({ ...options, state }));
      try {
        await update();
      } catch (error) {
        if (!(error instanceof ScheduleNotFoundError)) throw error;
        await this.client.schedule.create(options).catch(async (failure: unknown) => {
          // Workers that start at the same time all find that there is none.
          if (!(failure instanceof ScheduleAlreadyRunning)) throw failure;
          await update();
        });
      }
    });
  }

  private async startJob(jobId: string, options: RunJobOptions): Promise<WorkflowHandle> {
    const workflowId = jobWorkflowId(jobId);
    try {
      return await this.client.workflow.start<(request: JobRequest) => Promise<JobResult>>(
        'buildkiteJob',
        {
          workflowId,
          taskQueue: this.taskQueue,
          args: [{ jobId, ...options }],
          workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
          workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        },
      );
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      return this.client.workflow.getHandle(workflowId);
    }
  }

  private get sweepId(): string {
    return `nightshift-sweep/${this.taskQueue}`;
  }

  private jobHandle(handle: WorkflowHandle): JobHandle {
    const { workflowId } = handle;
    return {
      workflowId,
      standing: () =>
        this.try(`${workflowId} can’t be asked`, () => handle.query<JobStanding>('job')),
      result: () => this.try(workflowId, async () => (await handle.result()) as JobResult),
      cancel: () =>
        this.try(`${workflowId} can’t be cancelled`, async () => {
          await handle.cancel();
        }),
    };
  }

  private async try<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fromTemporalError(error, doing);
    }
  }
}

function queueWorkflowId(queue: string): string {
  return `buildkite-queue/${queue}`;
}

function jobWorkflowId(jobId: string): string {
  return `buildkite-job/${jobId}`;
}
