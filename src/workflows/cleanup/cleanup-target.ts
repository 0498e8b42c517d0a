import {
  CancellationScope,
  condition,
  type SignalDefinition,
  continueAsNew,
  getExternalWorkflowHandle,
  metricMeter,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { carryItems, restoreItems } from '../../domain/cleanup/carry.js';
import { type ItemState, newItemState, toResultItem } from '../../domain/cleanup/item-state.js';
import type { PageRequest, SkipRequest } from '../../domain/cleanup/messages.js';
import {
  anotherPass,
  beginPass,
  closeBooks,
  takeLastResorts,
} from '../../domain/cleanup/passes.js';
import type { PlanItem } from '../../domain/cleanup/plan.js';
import type { TargetPhase } from '../../domain/cleanup/progress.js';
import type { ResultItem } from '../../domain/cleanup/result.js';
import type { TargetInspection, TargetSpec, TargetSummary } from '../../domain/cleanup/spec.js';
import { planTotals, resultTotals } from '../../domain/cleanup/totals.js';
import { targetKey } from '../../domain/target.js';
import { targetErrorOf } from './failure.js';
import * as messages from './messages.js';
import { TargetContext } from './target-context.js';
import { TargetDeletes } from './target-deletes.js';
import { targetProgress } from './target-progress.js';

/** Owns all that is deleted in one account × region, from the look at it to the last confirmed delete. */
export async function cleanupTarget(spec: TargetSpec): Promise<TargetSummary> {
  const run = new TargetWorkflow(spec);
  run.listen();
  // Cancelling the workflow is asking it to stop: it still tells the truth about what is in flight.
  CancellationScope.current().cancelRequested.catch(() => run.cancel());
  return await CancellationScope.nonCancellable(() => run.run());
}

/**
 * Characters of JSON. The server terminates a workflow that continues with more than 2 MB; what is suggested
 * at 4 MB of history is a must at 50 MB only, so a target that knows too much to carry goes on as it is.
 */
const mostCarried = 1_800_000;

/** Of each target, so that a notice of the largest fleet stays small. */
const mostNotable = 3;

class TargetWorkflow {
  private readonly context: TargetContext;
  private readonly deletes: TargetDeletes;
  private readonly startedAt: string;
  private inspection: TargetInspection | undefined;
  private phase: TargetPhase = 'inspecting';
  private allowance = 0;
  private order: 'proceed' | 'stand-down' | undefined;

  constructor(private readonly spec: TargetSpec) {
    this.context = new TargetContext(spec);
    this.deletes = new TargetDeletes(this.context);
    this.startedAt = spec.state?.startedAt ?? new Date().toISOString();
    if (spec.state) this.restore(spec.state);
  }

  listen(): void {
    const { context, deletes } = this;
    setHandler(messages.proceedSignal, ({ allowance }) => {
      this.allowance = allowance;
      this.order ??= 'proceed';
    });
    setHandler(messages.standDownSignal, () => {
      this.order ??= 'stand-down';
    });
    setHandler(messages.pauseSignal, (order) => {
      if (order.number < context.pauseOrder.number) return;
      context.pauseOrder = order;
      deletes.wake();
    });
    setHandler(messages.skipSignal, (request) => this.skip(request));
    setHandler(messages.cancelSignal, () => this.cancel());
    setHandler(messages.targetProgressQuery, () => this.progress());
    setHandler(messages.targetPlanQuery, (page) => part(this.plan(), page));
    setHandler(messages.targetResultQuery, (page) =>
      part([...context.items.values()].map(toResultItem), page),
    );
  }

  async run(): Promise<TargetSummary> {
    if (this.spec.state)
      await this.tellRun(messages.movedSignal, {
        targetKey: this.key,
        runId: workflowInfo().runId,
      });
    else await this.makePlan();
    // What was begun before it continued as new is waited for, whatever became of the run since.
    if (this.order === 'proceed' && (this.spec.state || !this.context.cancelled)) {
      this.phase = 'running';
      await this.carryOut();
    }
    closeBooks(this.context.items, this.stopReason());
    return this.summary();
  }

  cancel(): void {
    this.context.cancel();
    this.deletes.wake();
  }

  /** Looks, plans, tells the run, and waits for its word. */
  private async makePlan(): Promise<void> {
    try {
      this.keep(await this.inspect());
    } catch (error) {
      this.context.error = targetErrorOf(error);
    }
    const { error } = this.context;
    this.phase = 'planned';
    await this.tellRun(messages.plannedSignal, {
      targetKey: this.key,
      runId: workflowInfo().runId,
      totals: planTotals(this.inspection?.items ?? []),
      stacks: { delete: this.stacksToDelete(), living: this.inspection?.livingStacks ?? 0 },
      hash: this.inspection?.hash ?? '',
      ...(error ? { error } : {}),
    });
    if (this.spec.mode === 'plan' || error) return;
    await condition(() => this.order !== undefined || this.context.cancelled);
  }

  /** Why the run ended before everything was tried, if it did. */
  private stopReason(): string | undefined {
    if (this.spec.mode === 'plan') return 'only planned';
    if (this.order === 'stand-down') return 'the run was refused';
    if (this.context.error) return `not begun: ${this.context.error.message}`;
    return this.context.cancelled ? 'the run was cancelled before its turn' : undefined;
  }

  /** Pass after pass, until one makes no progress or none is left. */
  private async carryOut(): Promise<void> {
    const { context, deletes } = this;
    for (;;) {
      const deletedBefore = this.count('deleted');
      await this.deletePass(deletes);
      if (context.cancelled) return;
      if (
        anotherPass(
          context.items,
          context.pass,
          this.count('deleted') - deletedBefore,
          context.rulesOf,
        )
      ) {
        context.pass += 1;
        await this.lookAgain();
      } else if (!takeLastResorts(context.items, context.rulesOf)) return;
    }
  }

  private async deletePass(deletes: TargetDeletes): Promise<void> {
    try {
      await deletes.run(() => this.continuation() !== undefined);
    } catch (error) {
      this.context.fail(targetErrorOf(error));
      return;
    }
    const next = deletes.quiet ? this.continuation() : undefined;
    if (next) await continueAsNew<typeof cleanupTarget>(next);
  }

  private async lookAgain(): Promise<void> {
    const { context } = this;
    try {
      const now = await this.inspect([...context.items.keys()]);
      const look = { found: now.items, gone: new Set(now.gone), allowance: this.allowance };
      this.allowance -= beginPass(context.items, look, context.rulesOf, context.pass);
    } catch (error) {
      context.fail(targetErrorOf(error));
    }
  }

  private async inspect(known: string[] = []): Promise<TargetInspection> {
    const { policies, settings, certain } = this.spec;
    const inspection = await this.context.activities.look.inspectTarget({
      ...this.context.aws,
      policies,
      protect: settings.rails.protect,
      certain,
      known,
    });
    this.context.awsCalls += inspection.awsCalls;
    return inspection;
  }

  private keep(inspection: TargetInspection): void {
    this.inspection = inspection;
    for (const item of inspection.items) this.context.items.set(item.id, newItemState(item));
  }

  private restore({ inspection, items, ...state }: NonNullable<TargetSpec['state']>): void {
    const { context } = this;
    this.inspection = inspection;
    this.phase = 'running';
    this.order = 'proceed';
    this.allowance = state.allowance;
    for (const item of restoreItems(items, inspection.items)) context.items.set(item.item.id, item);
    context.pass = state.pass;
    context.awsCalls = state.awsCalls;
    context.pauseOrder = state.pauseOrder;
    if (state.error) context.fail(state.error);
    else if (state.cancelled) context.cancel();
  }

  /** What the target would continue as new with, once that is called for and as long as it can be carried. */
  private continuation(): TargetSpec | undefined {
    const { context, inspection } = this;
    if (!workflowInfo().continueAsNewSuggested || !inspection) return undefined;
    const next = {
      ...this.spec,
      state: {
        inspection,
        items: carryItems(context.items.values(), inspection.items),
        pass: context.pass,
        allowance: this.allowance,
        awsCalls: context.awsCalls,
        startedAt: this.startedAt,
        pauseOrder: context.pauseOrder,
        cancelled: context.cancelled,
        ...(context.error ? { error: context.error } : {}),
      },
    };
    return JSON.stringify(next).length > mostCarried ? undefined : next;
  }

  private skip({ item, account, region }: SkipRequest): void {
    const { target } = this.spec;
    if (account !== undefined && account !== target.account.id && account !== target.account.name)
      return;
    if (region !== undefined && region !== target.region) return;
    for (const state of this.context.items.values()) {
      if (state.item.name !== item && state.item.id !== item) continue;
      if (state.phase !== 'waiting' && state.phase !== 'mending' && state.phase !== 'deferred')
        continue;
      state.phase = 'skipped';
      state.reason = 'skipped by a person';
      this.context.note(state);
    }
    this.deletes.wake();
  }

  private plan(): PlanItem[] {
    // What a run needs beyond the plan stays inside.
    return (this.inspection?.items ?? []).map(
      ({ after: _after, status: _status, ...item }) => item,
    );
  }

  private progress() {
    const { context, spec, startedAt } = this;
    return targetProgress({ context, target: spec.target, phase: this.shownPhase(), startedAt });
  }

  private shownPhase(): TargetPhase {
    if (this.phase !== 'running') return this.phase;
    if (this.context.cancelled) return 'cancelling';
    return this.context.paused ? 'paused' : 'running';
  }

  private summary(): TargetSummary {
    const { items, awsCalls, pass, cancelled, error } = this.context;
    this.phase = 'done';
    const results = [...items.values()].map(toResultItem);
    if (this.spec.mode === 'run') countOutcomes(results);
    const telling = results.filter(({ outcome }) => outcome === 'failed' || outcome === 'blocked');
    return {
      totals: resultTotals(results),
      startedAt: this.startedAt,
      endedAt: new Date().toISOString(),
      notable: telling.slice(0, mostNotable).map(({ events: _events, ...item }) => item),
      awsCalls,
      passes: pass,
      cancelled: cancelled && !error,
      ...(error ? { error } : {}),
    };
  }

  private async tellRun<Message>(
    signal: SignalDefinition<[Message]>,
    message: Message,
  ): Promise<void> {
    try {
      await getExternalWorkflowHandle(this.spec.run.workflowId, this.spec.run.runId).signal(
        signal,
        message,
      );
    } catch {
      // A run that is gone can't be told: then nobody says proceed, and nothing is to be deleted.
      this.cancel();
    }
  }

  private count(phase: ItemState['phase']): number {
    return [...this.context.items.values()].filter((state) => state.phase === phase).length;
  }

  private stacksToDelete(): number {
    return (this.inspection?.items ?? []).filter(
      ({ kind, decision }) => kind === 'stack' && decision === 'delete',
    ).length;
  }

  private get key(): string {
    return targetKey(this.spec.target);
  }
}

/** A part of a list: an answer of a workflow holds 2 MB at most. */
function part<T>(all: readonly T[], page?: PageRequest): T[] {
  return page ? all.slice(page.from, page.from + page.count) : [...all];
}

/** What a worker's metrics say of the work: by kind and outcome, never by name or account. */
function countOutcomes(results: readonly ResultItem[]): void {
  const resources = metricMeter.createCounter(
    'nightshift_resources_total',
    'resource',
    'Resources that runs are done with',
  );
  for (const { kind, outcome } of results) resources.add(1, { kind, outcome });
}
