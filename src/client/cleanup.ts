import { randomBytes } from 'node:crypto';
import { type Client, WorkflowIdConflictPolicy } from '@temporalio/client';
import type { CleanupRequest } from '../domain/cleanup/input.js';
import type { Plan } from '../domain/cleanup/plan.js';
import type { RunSummary } from '../domain/cleanup/progress.js';
import { NightshiftError } from '../domain/errors.js';
import { fromTemporalError } from './errors.js';
import { RunHandle } from './run-handle.js';

export interface StartOptions {
  /** Names the run; a run of this name that is still going on is joined. Default: a new name. */
  workflowId?: string;
}

export interface RunListing {
  workflowId: string;
  runId: string;
  status: string;
  startedAt: string;
  endedAt?: string;
}

/** Plans and runs cleanups. */
export class CleanupClient {
  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  /** Plans, deletes nothing, and returns the plan. */
  async plan(request: Omit<CleanupRequest, 'mode'> = {}): Promise<Plan> {
    const run = await this.startPlan(request);
    await run.summary();
    return await run.plan();
  }

  /** Begins to plan and returns at once; the handle's `summary` waits for the end, its `plan` has the plan. */
  startPlan(request: Omit<CleanupRequest, 'mode'> = {}): Promise<RunHandle> {
    return this.start({ ...request, mode: 'plan' }, { workflowId: newRunName('cleanup-plan') });
  }

  /** Starts a run and returns at once. */
  run(request: Omit<CleanupRequest, 'mode'> = {}, options: StartOptions = {}): Promise<RunHandle> {
    return this.start({ ...request, mode: 'run' }, options);
  }

  private async start(request: CleanupRequest, options: StartOptions): Promise<RunHandle> {
    const workflowId = options.workflowId ?? newRunName('cleanup-run');
    try {
      const handle = await this.client.workflow.start<
        (input: CleanupRequest) => Promise<RunSummary>
      >('cleanup', {
        workflowId,
        taskQueue: this.taskQueue,
        args: [request],
        // A run that goes on under this name is the one that was meant: joined, not started twice.
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      });
      return new RunHandle(this.client, { workflowId, runId: handle.firstExecutionRunId });
    } catch (error) {
      throw fromTemporalError(error, 'the run can’t be started');
    }
  }

  /** The run of this workflow id or run id; `latest` is the one that was started last. */
  async get(run: string): Promise<RunHandle> {
    if (run === 'latest') {
      for await (const listing of this.list()) return new RunHandle(this.client, listing);
      throw new NightshiftError('NotFound', 'there is no run yet', {
        hint: 'start one with `nightshift cleanup run`',
      });
    }
    const ids = (await this.byWorkflowId(run)) ?? (await this.byRunId(run));
    if (ids) return new RunHandle(this.client, ids);
    throw new NightshiftError('NotFound', `there is no run ${run}`, {
      hint: 'name a run by its workflow id or run id, or say latest',
    });
  }

  /** Whether a run of this name is going on. */
  async isRunning(workflowId: string): Promise<boolean> {
    try {
      const { status } = await this.client.workflow.getHandle(workflowId).describe();
      return status.name === 'RUNNING';
    } catch {
      return false;
    }
  }

  /** Runs, the newest first; plans are left out. */
  async *list(): AsyncGenerator<RunListing> {
    // Whoever starts the workflow without the client may name a run as they like.
    const query = `WorkflowType = 'cleanup' AND TaskQueue = '${this.taskQueue}' AND WorkflowId NOT STARTS_WITH 'cleanup-plan'`;
    for await (const {
      workflowId,
      runId,
      status,
      startTime,
      closeTime,
    } of this.client.workflow.list({ query })) {
      yield {
        workflowId,
        runId,
        status: status.name,
        startedAt: startTime.toISOString(),
        ...(closeTime ? { endedAt: closeTime.toISOString() } : {}),
      };
    }
  }

  private async byWorkflowId(
    workflowId: string,
  ): Promise<{ workflowId: string; runId: string } | undefined> {
    try {
      const { runId } = await this.client.workflow.getHandle(workflowId).describe();
      return { workflowId, runId };
    } catch {
      return undefined;
    }
  }

  private async byRunId(runId: string): Promise<{ workflowId: string; runId: string } | undefined> {
    if (!/^[\da-f-]{36}$/.test(runId)) return undefined;
    for await (const { workflowId } of this.client.workflow.list({ query: `RunId = '${runId}'` }))
      return { workflowId, runId };
    return undefined;
  }
}

/** `cleanup-run-20261121-230000-3f9a`: sorts by time, and can be typed. */
function newRunName(prefix: string): string {
  const time = new Date().toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${prefix}-${time}-${randomBytes(2).toString('hex')}`;
}
