import { setTimeout as delay } from 'node:timers/promises';
import { type Client, type WorkflowHandle, WorkflowNotFoundError } from '@temporalio/client';
import pLimit from 'p-limit';
import { assemblePlan, assembleResult } from '../domain/cleanup/assemble.js';
import type {
  ApproveRequest,
  CancelRequest,
  PageRequest,
  SkipRequest,
} from '../domain/cleanup/messages.js';
import type { Plan, PlanItem } from '../domain/cleanup/plan.js';
import type {
  RunProgress,
  RunSummary,
  RunTarget,
  TargetProgress,
} from '../domain/cleanup/progress.js';
import type { ResultItem, RunResult } from '../domain/cleanup/result.js';
import { NightshiftError } from '../domain/errors.js';
import { targetKey } from '../domain/target.js';
import { fromTemporalError, isUnanswered } from './errors.js';

/** Items asked of a target at once: 500 of the longest fit in the 2 MB of an answer. */
const itemsPerPage = 500;
const queriesAtOnce = 8;
/** Targets asked for their progress in one look; the others' last answers stand. */
const targetsPerLook = 32;
/** How long a worker has to answer. */
const patience = 15_000;

/** How a run stands, with what its targets tell. */
export interface RunView {
  run: RunProgress;
  /** By target key, account id and region: `111111111111/us-east-1`. */
  targets: ReadonlyMap<string, TargetProgress>;
  /** Whether no worker answered, so that this is what was known before. */
  stale: boolean;
}

/** One run of a cleanup. */
export class RunHandle {
  readonly workflowId: string;
  readonly runId: string;

  constructor(
    private readonly client: Client,
    ids: { workflowId: string; runId: string },
  ) {
    this.workflowId = ids.workflowId;
    this.runId = ids.runId;
  }

  /** How the run stands. Counts; `watch` has what the targets tell as well. */
  progress(): Promise<RunProgress> {
    return this.ask(this.handle, 'progress', []);
  }

  /** The plan, once every target has made its own. */
  async plan(): Promise<Plan> {
    const progress = await this.progress();
    const items = await this.itemsOf<PlanItem>(progress.targets, 'plan');
    return assemblePlan(progress, (target) => items.get(targetKey(target.target)) ?? []);
  }

  /** Waits for the end of the run, and returns its counts. */
  async summary(): Promise<RunSummary> {
    try {
      return await this.handle.result();
    } catch (error) {
      throw fromTemporalError(error, `run ${this.workflowId}`);
    }
  }

  /** Waits for the end of the run, and returns all of it. */
  async result(): Promise<RunResult> {
    const summary = await this.summary();
    const items = await this.itemsOf<ResultItem>(summary.targets, 'result');
    return assembleResult(summary, (target) => items.get(targetKey(target.target)) ?? []);
  }

  /** Whether the run goes on. Asks the server, so no worker is needed to know. */
  async isGoingOn(): Promise<boolean> {
    try {
      return (await this.handle.describe()).status.name === 'RUNNING';
    } catch (error) {
      throw fromTemporalError(error, `run ${this.workflowId} can’t be looked at`);
    }
  }

  /** How the run and every one of its targets stand. */
  async look(): Promise<RunView> {
    const run = await this.progress();
    const targets = new Map<string, TargetProgress>();
    await this.askTargets(
      run.targets.filter(({ runId }) => runId !== undefined),
      targets,
    );
    return { run, targets, stale: false };
  }

  /**
   * Looks at the run now and then, until it has ended. A run that fails, because its input is wrong, say,
   * or that was terminated, ends this with its error.
   */
  async *watch(options: { every?: number; signal?: AbortSignal } = {}): AsyncGenerator<RunView> {
    const known = new Map<string, TargetProgress>();
    let turn = 0;
    let run: RunProgress | undefined;
    for (;;) {
      let stale = false;
      try {
        run = await this.progress();
        turn = await this.lookAtSome(run, known, turn);
      } catch (error) {
        // A run that has failed answers nothing; its failure is what is wanted then.
        if (!(await this.isGoingOn())) await this.summary();
        if (!run || !isUnansweredError(error)) throw error;
        stale = true;
      }
      yield { run, targets: known, stale };
      if (run.phase === 'done' || options.signal?.aborted) return;
      if (!stale && !(await this.isGoingOn())) {
        await this.summary();
        continue;
      }
      await delay(
        options.every ?? 1_000,
        undefined,
        options.signal ? { signal: options.signal } : {},
      ).catch(() => undefined);
      if (options.signal?.aborted) return;
    }
  }

  pause(): Promise<void> {
    return this.tell('pause', []);
  }

  resume(): Promise<void> {
    return this.tell('resume', []);
  }

  /** Takes an item out of the run, if it has not begun to go. */
  async skip(request: SkipRequest): Promise<void> {
    const plan = await this.plan();
    const known = plan.targets.some(({ items }) =>
      items.some(({ id, name }) => id === request.item || name === request.item),
    );
    if (!known)
      throw new NightshiftError(
        'NotFound',
        `the run has no stack, bucket or snapshot ${request.item}`,
      );
    await this.tell('skip', [request]);
  }

  approve(request: ApproveRequest): Promise<void> {
    return this.tell('approve', [request]);
  }

  /** Begins nothing more; what AWS is deleting by now is waited for. */
  cancel(request: CancelRequest = {}): Promise<void> {
    return this.tell('cancel', [request]);
  }

  /** Ends the workflow at once, wherever it stands. For a plan, which deletes nothing; a run is cancelled. */
  async abandon(reason: string): Promise<void> {
    try {
      await this.handle.terminate(reason);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError))
        throw fromTemporalError(error, `run ${this.workflowId} can’t be ended`);
    }
  }

  private get handle(): WorkflowHandle<(input: unknown) => Promise<RunSummary>> {
    return this.client.workflow.getHandle(this.workflowId, this.runId);
  }

  /** Asks the next few of the targets at work, round and round. */
  private async lookAtSome(
    run: RunProgress,
    known: Map<string, TargetProgress>,
    turn: number,
  ): Promise<number> {
    const open = run.targets.filter(
      ({ phase, runId, target }) =>
        runId !== undefined && (phase !== 'done' || known.get(targetKey(target))?.phase !== 'done'),
    );
    const chosen =
      open.length <= targetsPerLook ? open : rotate(open, turn).slice(0, targetsPerLook);
    await this.askTargets(chosen, known);
    return open.length === 0 ? 0 : (turn + chosen.length) % open.length;
  }

  private async askTargets(
    targets: readonly RunTarget[],
    known: Map<string, TargetProgress>,
  ): Promise<void> {
    await pLimit(queriesAtOnce).map(targets, async (target) => {
      const progress = await this.ask<TargetProgress>(this.handleOf(target), 'progress', []);
      known.set(targetKey(target.target), progress);
    });
  }

  private async itemsOf<T>(
    targets: readonly RunTarget[],
    query: 'plan' | 'result',
  ): Promise<Map<string, T[]>> {
    const items = new Map<string, T[]>();
    const started = targets.filter(({ workflowId }) => workflowId !== undefined);
    await pLimit(queriesAtOnce).map(started, async (target) => {
      const all: T[] = [];
      for (let page: T[] | undefined; !page || page.length === itemsPerPage;) {
        const part: PageRequest = { from: all.length, count: itemsPerPage };
        page = await this.ask<T[]>(this.handleOf(target), query, [part]);
        all.push(...page);
      }
      items.set(targetKey(target.target), all);
    });
    return items;
  }

  private handleOf({ workflowId = '', runId }: RunTarget): WorkflowHandle {
    return this.client.workflow.getHandle(workflowId, runId);
  }

  private async ask<T>(handle: WorkflowHandle, query: string, args: unknown[]): Promise<T> {
    try {
      return await this.client.withDeadline(Date.now() + patience, () =>
        handle.query<T, unknown[]>(query, ...args),
      );
    } catch (error) {
      throw fromTemporalError(error, `run ${this.workflowId} can’t be asked`);
    }
  }

  private async tell(update: string, args: unknown[]): Promise<void> {
    try {
      const options = { args: args as [unknown] };
      await this.client.withDeadline(Date.now() + patience, () =>
        this.handle.executeUpdate<void, [unknown]>(update, options),
      );
    } catch (error) {
      throw fromTemporalError(error, `run ${this.workflowId} can’t be told to ${update}`);
    }
  }
}

function isUnansweredError(error: unknown): boolean {
  return error instanceof NightshiftError ? error.code === 'NoTemporalServer' : isUnanswered(error);
}

function rotate<T>(all: readonly T[], by: number): T[] {
  return [...all.slice(by), ...all.slice(0, by)];
}
