import {
  CancellationScope,
  type ChildWorkflowHandle,
  ParentClosePolicy,
  type SignalDefinition,
  condition,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PlanTotals, TargetError } from '../../domain/cleanup/plan.js';
import type { RunTarget } from '../../domain/cleanup/progress.js';
import type { PlannedTarget } from '../../domain/cleanup/rails.js';
import type {
  RunSpec,
  TargetPlanned,
  TargetSpec,
  TargetSummary,
} from '../../domain/cleanup/spec.js';
import { type Target, targetKey, targetName } from '../../domain/target.js';
import { activitiesWith } from './activities.js';
import type { cleanupTarget } from './cleanup-target.js';
import { targetErrorOf } from './failure.js';

/** A run's side of one target: its child workflow and what it has told. */
export class RunTargetHandle {
  readonly key: string;
  private handle: ChildWorkflowHandle<typeof cleanupTarget> | undefined;
  private done: Promise<void> = Promise.resolve();
  private phase: RunTarget['phase'] = 'queued';
  private runId: string | undefined;
  private told: TargetPlanned | undefined;
  private summary: TargetSummary | undefined;
  private error: TargetError | undefined;

  constructor(
    readonly target: Target,
    private readonly run: RunSpec,
  ) {
    this.key = targetKey(target);
  }

  /**
   * Starts the target's workflow. One that another run holds is waited for, or refused, as configured;
   * `cancelled` ends the wait.
   */
  async start(cancelled: () => boolean): Promise<void> {
    this.phase = 'planning';
    while (!this.handle && !this.error && !cancelled()) {
      try {
        this.handle = await startChild<typeof cleanupTarget>('cleanupTarget', {
          workflowId: this.workflowId,
          args: [this.spec()],
          parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
          staticSummary: targetName(this.target),
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        await this.awaitTurn(cancelled);
      }
    }
    if (!this.handle) {
      this.phase = 'done';
      return;
    }
    this.runId ??= this.handle.firstExecutionRunId;
    this.done = this.follow(this.handle);
  }

  planned(planned: TargetPlanned): void {
    this.told = planned;
    this.runId = planned.runId;
    if (planned.error) this.error = planned.error;
    if (this.phase === 'planning') this.phase = 'planned';
  }

  /** The target's workflow has continued as new. */
  moved(runId: string): void {
    this.runId = runId;
  }

  async untilPlanned(): Promise<void> {
    await condition(() => this.told !== undefined || this.phase === 'done');
  }

  async untilDone(): Promise<void> {
    if (this.phase === 'planned') this.phase = 'running';
    await this.done;
    this.phase = 'done';
  }

  async signal<Args extends [] | [unknown]>(
    definition: SignalDefinition<Args>,
    ...args: Args
  ): Promise<void> {
    if (!this.handle || this.phase === 'done') return;
    // It may end at the very moment that it is told something: then there is nothing to tell.
    await this.handle.signal(definition, ...args).catch(() => undefined);
  }

  get hash(): string {
    return this.told?.hash ?? `${this.key} ${this.error?.code ?? ''}`;
  }

  get plan(): PlanTotals | undefined {
    return this.told?.totals;
  }

  get awsCalls(): number {
    return this.summary?.awsCalls ?? 0;
  }

  forRails(): PlannedTarget | undefined {
    if (!this.told) return undefined;
    return { target: this.target, totals: this.told.totals, stacks: this.told.stacks };
  }

  show(): RunTarget {
    return {
      target: this.target,
      phase: this.phase,
      ...(this.handle ? { workflowId: this.handle.workflowId } : {}),
      ...(this.runId === undefined ? {} : { runId: this.runId }),
      ...(this.told ? { plan: this.told.totals } : {}),
      ...(this.summary ? { summary: this.summary } : {}),
      ...(this.error ? { error: this.error } : {}),
    };
  }

  private async follow(handle: ChildWorkflowHandle<typeof cleanupTarget>): Promise<void> {
    try {
      this.summary = await handle.result();
      if (this.summary.error) this.error = this.summary.error;
    } catch (error) {
      this.error = targetErrorOf(error);
    }
    this.phase = 'done';
  }

  private async awaitTurn(cancelled: () => boolean): Promise<void> {
    if (this.run.cleanup.onBusyTarget === 'refuse') {
      this.error = {
        code: 'TargetBusy',
        message: `another run is at work in ${targetName(this.target)}`,
        hint: 'wait for it, or set cleanup.onBusyTarget: wait',
      };
      return;
    }
    this.phase = 'waiting-for-target';
    const scope = new CancellationScope();
    try {
      const free = () =>
        activitiesWith(this.run.pace).watch.awaitTargetFree({ workflowId: this.workflowId });
      await scope.run(() => Promise.race([free(), condition(cancelled)]));
    } finally {
      scope.cancel();
    }
    this.phase = 'planning';
  }

  /** Only a run takes the target: planning beside one is harmless. */
  private get workflowId(): string {
    return this.run.mode === 'plan'
      ? `plan/${workflowInfo().runId}/${this.key}`
      : `cleanup/${this.key}`;
  }

  private spec(): TargetSpec {
    const { access, pace, rails, cleanup, policies } = this.run;
    const { workflowId, runId } = workflowInfo();
    const limited = this.run.planHash !== undefined || this.run.requireApproval;
    return {
      mode: this.run.mode,
      target: this.target,
      settings: { access, pace, rails, cleanup },
      policies,
      run: { workflowId, runId },
      certain: this.run.mode === 'plan' || limited,
      planIsLimit: limited,
    };
  }
}
