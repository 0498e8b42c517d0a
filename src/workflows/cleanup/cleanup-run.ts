import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ApproveRequest, PauseOrder, SkipRequest } from '../../domain/cleanup/messages.js';
import { runPlanHash } from '../../domain/cleanup/plan-hash.js';
import type {
  RunPhase,
  RunProgress,
  RunSummary,
  RunTarget,
} from '../../domain/cleanup/progress.js';
import { railRefusals } from '../../domain/cleanup/rails.js';
import type { RunSpec } from '../../domain/cleanup/spec.js';
import { addPlanTotals, addResultTotals, statusOf } from '../../domain/cleanup/totals.js';
import { parseDuration } from '../../domain/duration.js';
import { activitiesWith, tell } from './activities.js';
import * as messages from './messages.js';
import { RunTargetHandle } from './run-target.js';

/** One execution of policies over targets. */
export class CleanupRun {
  private readonly startedAt = new Date().toISOString();
  private targets: RunTargetHandle[] = [];
  private phase: RunPhase = 'preparing';
  private spec: RunSpec | undefined;
  private planHash: string | undefined;
  private refusals: string[] = [];
  private approvedBy: string | undefined;
  private pauseOrder: PauseOrder = { paused: false, number: 0 };
  private cancelReason: string | undefined;
  private summaryMade: RunSummary | undefined;

  constructor(private readonly input: unknown) {
    setHandler(messages.plannedSignal, (planned) => this.find(planned.targetKey)?.planned(planned));
    setHandler(messages.movedSignal, ({ targetKey: key, runId }) => this.find(key)?.moved(runId));
  }

  async run(): Promise<RunSummary> {
    const spec = await this.prepare();
    this.spec = spec;
    this.targets = spec.targets
      .map((target) => new RunTargetHandle(target, spec))
      // One order for all runs: two that want the same targets can't each hold what the other waits for.
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    this.phase = 'planning';
    await this.plan(spec);
    this.refusals = this.refusalsOf(spec);
    if (spec.mode === 'run' && this.refusals.length === 0) await this.approval(spec);
    const go = spec.mode === 'run' && this.refusals.length === 0 && !this.cancelled;
    this.phase = this.cancelled ? 'cancelling' : go ? 'running' : this.phase;
    await (go ? this.carryOut(spec) : this.standDown());
    return await this.finish(spec);
  }

  /** What can't be prepared is wrong from the start: the run fails with that very error, not with an activity's. */
  private async prepare(): Promise<RunSpec> {
    try {
      return await activitiesWith().look.prepareRun(this.input);
    } catch (error) {
      if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure)
        throw error.cause;
      throw error;
    }
  }

  /** Plans the targets, in order, so many at once. */
  private async plan({ pace }: RunSpec): Promise<void> {
    let planning = 0;
    for (const target of this.targets) {
      await condition(() => planning < pace.targetsAtOnce);
      if (this.cancelled) return;
      planning += 1;
      await target.start(() => this.cancelled);
      void target.untilPlanned().finally(() => (planning -= 1));
    }
    await condition(() => planning === 0);
    this.planHash = runPlanHash(this.targets.map(({ hash }) => hash));
  }

  private refusalsOf({ rails, planHash }: RunSpec): string[] {
    const refusals = railRefusals(
      rails,
      this.targets.flatMap((target) => target.forRails() ?? []),
    );
    if (planHash !== undefined && planHash !== this.planHash) {
      refusals.push(
        `the plan has changed: it is ${this.planHash ?? 'none'} now, ${planHash} was asked for`,
      );
    }
    return refusals;
  }

  private async approval({ requireApproval, cleanup }: RunSpec): Promise<void> {
    if (!requireApproval) return;
    this.phase = 'awaiting-approval';
    const timeout = parseDuration(cleanup.approvalTimeout);
    const answered = await condition(
      () => this.approvedBy !== undefined || this.cancelled,
      timeout,
    );
    if (!answered) this.refusals = [`nobody approved the plan within ${cleanup.approvalTimeout}`];
  }

  /** Lets the targets proceed, so many at once, and waits for all of them. */
  private async carryOut({ pace, rails }: RunSpec): Promise<void> {
    const planned = addPlanTotals(this.targets.flatMap(({ plan }) => plan ?? [])).delete;
    const spare =
      rails.maxDeletes === undefined ? Number.MAX_SAFE_INTEGER : rails.maxDeletes - planned;
    const allowance = Math.floor(spare / Math.max(1, this.targets.length));
    let running = 0;
    for (const target of this.targets) {
      await condition(() => running < pace.targetsAtOnce);
      running += 1;
      void this.carryOutTarget(target, allowance).finally(() => (running -= 1));
    }
    await condition(() => running === 0);
  }

  private async carryOutTarget(target: RunTargetHandle, allowance: number): Promise<void> {
    if (this.pauseOrder.paused) await target.signal(messages.pauseSignal, this.pauseOrder);
    if (this.cancelled) await target.signal(messages.cancelSignal);
    await target.signal(messages.proceedSignal, { allowance });
    await target.untilDone();
  }

  private async standDown(): Promise<void> {
    await this.toAll((target) =>
      target.signal(this.cancelled ? messages.cancelSignal : messages.standDownSignal),
    );
    await this.toAll((target) => target.untilDone());
  }

  private async finish(spec: RunSpec): Promise<RunSummary> {
    const { notifications } = spec;
    this.phase = 'done';
    const summary = this.summary();
    this.summaryMade = summary;
    const wanted = notifications.slack?.on !== 'failure' || summary.status !== 'completed';
    if (spec.mode === 'run' && notifications.slack && wanted) {
      // A notice that can't be given is no reason to fail a run whose work is done.
      await tell
        .notifySlack({ slack: notifications.slack, pace: spec.pace, summary })
        .catch(() => undefined);
    }
    return summary;
  }

  private summary(): RunSummary {
    const { workflowId, runId } = workflowInfo();
    const targets = [...this.targets.map((target) => target.show()), ...this.unreachable()];
    const totals = addResultTotals(targets.flatMap(({ summary }) => summary?.totals ?? []));
    const failed = targets.filter(({ error }) => error).length;
    const refused = this.refusals.length > 0;
    const reason = this.cancelReason ?? (refused ? this.refusals.join('; ') : undefined);
    return {
      runId,
      workflowId,
      status: refused && !this.cancelled ? 'refused' : statusOf(totals, failed, this.cancelled),
      startedAt: this.startedAt,
      endedAt: new Date().toISOString(),
      policies: this.policyNames(),
      totals,
      awsCalls: this.awsCalls(),
      targets,
      ...(reason === undefined ? {} : { reason }),
      ...(this.planHash === undefined ? {} : { planHash: this.planHash }),
    };
  }

  progress(): RunProgress {
    const { workflowId, runId } = workflowInfo();
    const targets = [...this.targets.map((target) => target.show()), ...this.unreachable()];
    return {
      workflowId,
      runId,
      phase: this.pauseOrder.paused && this.phase === 'running' ? 'paused' : this.phase,
      startedAt: this.startedAt,
      policies: this.policyNames(),
      refusals: this.refusals,
      targets,
      plan: addPlanTotals(targets.flatMap(({ plan }) => plan ?? [])),
      awsCalls: this.awsCalls(),
      ...(this.planHash === undefined ? {} : { planHash: this.planHash }),
      ...(this.summaryMade
        ? { status: this.summaryMade.status, endedAt: this.summaryMade.endedAt }
        : {}),
    };
  }

  async pause(paused: boolean): Promise<void> {
    this.pauseOrder = { paused, number: this.pauseOrder.number + 1 };
    await this.toAll((target) => target.signal(messages.pauseSignal, this.pauseOrder));
  }

  async skip(request: SkipRequest): Promise<void> {
    await this.toAll((target) => target.signal(messages.skipSignal, request));
  }

  approve({ by }: ApproveRequest): void {
    this.approvedBy = by ?? 'someone';
  }

  async cancel(reason = 'cancelled'): Promise<void> {
    this.cancelReason ??= reason;
    if (this.phase !== 'done') this.phase = 'cancelling';
    await this.toAll((target) => target.signal(messages.cancelSignal));
  }

  checkOpen(): void {
    if (this.phase === 'done') throw invalid('the run has ended');
  }

  checkSkip(request: SkipRequest): void {
    this.checkOpen();
    if (typeof request?.item !== 'string' || request.item === '') {
      throw invalid('skip.item: must be the name or id of a stack, bucket or snapshot');
    }
  }

  checkApproval(request: ApproveRequest): void {
    if (this.phase !== 'awaiting-approval')
      throw invalid(`the run does not wait for approval: it is ${this.phase}`);
    if (request?.planHash === this.planHash) return;
    throw invalid(
      `approve.planHash: must be the hash of the plan, ${this.planHash ?? ''}; was ${request?.planHash}`,
    );
  }

  private get cancelled(): boolean {
    return this.cancelReason !== undefined;
  }

  private async toAll(send: (target: RunTargetHandle) => Promise<void>): Promise<void> {
    await Promise.all(this.targets.map(send));
  }

  private find(key: string): RunTargetHandle | undefined {
    return this.targets.find((target) => target.key === key);
  }

  private unreachable(): RunTarget[] {
    return (this.spec?.unreachable ?? []).map(({ target, error }) => ({
      target,
      error,
      phase: 'done',
    }));
  }

  private policyNames(): string[] {
    return this.spec?.policies.map(({ name }) => name) ?? [];
  }

  private awsCalls(): number {
    return this.targets.reduce((sum, target) => sum + target.awsCalls, 0);
  }
}

function invalid(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'InvalidInput');
}
