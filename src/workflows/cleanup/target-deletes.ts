import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { DeleteAnswer, StackDelete, StackInFlight } from '../../domain/cleanup/deletes.js';
import { type ItemState, isFinal } from '../../domain/cleanup/item-state.js';
import { blockStranded, readyItems, unlockGroups } from '../../domain/cleanup/order.js';
import {
  type Mend,
  applyAnswer,
  applySettlement,
  attemptToken,
  retry,
} from '../../domain/cleanup/settle.js';
import { parseDuration } from '../../domain/duration.js';
import { targetErrorOf } from './failure.js';
import type { TargetContext } from './target-context.js';

/** Deletes begun by one activity: their answers travel in one payload. */
const mostPerBatch = 100;
const mostBucketsAtOnce = 4;

/**
 * One pass over a target: begins every delete whose time has come, waits for the next change, and so
 * on until nothing moves any more. There is no barrier between waves: a stack's delete begins the
 * moment its last importer is gone.
 */
export class TargetDeletes {
  /** Work beside the watch: waits, buckets, snapshots. */
  private jobs = 0;
  private bucketJobs = 0;
  private polledAt: number | undefined;
  private woken = false;

  constructor(private readonly context: TargetContext) {}

  /** Something happened that may let a delete begin, or end the pass. */
  wake(): void {
    this.woken = true;
  }

  /** Whether the workflow may continue as new: nothing but stacks is in flight, and they can be watched by anyone. */
  get quiet(): boolean {
    return this.jobs === 0;
  }

  /** Runs until nothing more moves, or `stop` says that it is time to continue as new. */
  async run(stop: () => boolean): Promise<void> {
    for (;;) {
      this.woken = false;
      await this.begin();
      if (!this.woken && this.idle()) return;
      if (this.quiet && stop()) return;
      await this.nextChange();
    }
  }

  private idle(): boolean {
    const { items, paused, cancelled } = this.context;
    if (this.jobs > 0 || this.inFlight().length > 0) return false;
    return cancelled || !(paused && readyItems(items, this.context.order).length > 0);
  }

  /** Begins what is ready. */
  private async begin(): Promise<void> {
    const { context } = this;
    for (;;) {
      blockStranded(context.items);
      if (context.paused || context.cancelled) return;
      const ready = readyItems(context.items, context.order);
      for (const state of ready) if (state.item.kind === 'bucket') this.beginBucket(state);
      this.beginSnapshots(ready.filter(({ item }) => item.kind === 'rds-snapshot'));
      const free = Math.max(0, context.settings.pace.deletesAtOnce - this.inFlight().length);
      const stacks = ready.filter(({ item }) => item.kind === 'stack');
      const batch = stacks.slice(0, Math.min(free, mostPerBatch));
      if (batch.length === 0) return;
      await this.beginStacks(batch);
    }
  }

  private async beginStacks(states: readonly ItemState[]): Promise<void> {
    const { context } = this;
    const adopted = states.filter(
      ({ item, attempts }) => item.status === 'DELETE_IN_PROGRESS' && attempts === 0,
    );
    for (const state of adopted) this.fly(state, new Date().toISOString());
    const own = states.filter((state) => !adopted.includes(state));
    if (own.length === 0) return;
    const deletes = own.map((state) => this.attempt(state));
    const tokens = new Map(deletes.map(({ stackId, token }) => [stackId, token]));
    for (const answer of await this.send(deletes)) {
      const state = context.items.get(answer.stackId);
      if (!state) continue;
      this.mend(applyAnswer(state, answer, context.rulesOf(state.item.policy)));
      if (answer.kind === 'accepted') this.fly(state, answer.at, tokens.get(answer.stackId));
      else this.note(state);
    }
  }

  /**
   * Sends deletes. Where that fails for good, nothing more is begun in this target; but AWS may have taken
   * some of them, so they are watched like the others until it is known.
   */
  private async send(deletes: StackDelete[]): Promise<DeleteAnswer[]> {
    const { context } = this;
    try {
      const { answers, awsCalls } = await this.context.activities.act.deleteStacks({
        ...context.aws,
        deletes,
      });
      context.awsCalls += awsCalls;
      return answers;
    } catch (error) {
      const why = targetErrorOf(error);
      for (const { stackId, token } of deletes) {
        const state = context.items.get(stackId);
        if (!state) continue;
        state.reason = why.message;
        this.fly(state, new Date().toISOString(), token);
      }
      context.fail(why);
      return [];
    }
  }

  private attempt(state: ItemState): StackDelete {
    const { context } = this;
    this.count(state);
    // From here on it is too late to skip it.
    state.phase = 'deleting';
    const { roleArn, retain, force, disableProtection } = state.next ?? {};
    return {
      stackId: state.item.id,
      name: state.item.name,
      token: attemptToken(context.runId, state.item, state.attempts),
      ...(roleArn === undefined ? {} : { roleArn }),
      ...(retain ? { retain } : {}),
      ...(force ? { force } : {}),
      ...(disableProtection ? { disableProtection } : {}),
    };
  }

  private count(state: ItemState): void {
    state.attempts += 1;
    if (state.lastPass !== this.context.pass) state.passes += 1;
    state.lastPass = this.context.pass;
  }

  private fly(state: ItemState, startedAt: string, token?: string): void {
    const timeout = this.context.deleteTimeoutOf(state.item.policy);
    state.phase = 'deleting';
    state.startedAt ??= startedAt;
    state.flight = {
      stackId: state.item.id,
      startedAt,
      deadline: new Date(Date.parse(startedAt) + timeout).toISOString(),
      ...(token === undefined ? {} : { token }),
      ...(state.next?.retain || state.next?.force ? { readSkipped: true } : {}),
    };
  }

  private inFlight(): StackInFlight[] {
    const flights: StackInFlight[] = [];
    for (const state of this.context.items.values()) {
      if (state.phase === 'deleting' && state.flight) flights.push(state.flight);
    }
    return flights;
  }

  /** Returns when a stack in flight has settled, or when something else has happened. */
  private async nextChange(): Promise<void> {
    const inFlight = this.inFlight();
    const scope = new CancellationScope();
    try {
      await scope.run(async () => {
        const woken = condition(() => this.woken);
        await (inFlight.length === 0 ? woken : Promise.race([this.watch(inFlight), woken]));
      });
    } finally {
      // Drops the watch when it was something else, and the condition when it was the watch.
      scope.cancel();
    }
  }

  private async watch(inFlight: readonly StackInFlight[]): Promise<void> {
    const { context } = this;
    try {
      const { settlements, polledAt, awsCalls } = await this.context.activities.watch.awaitChanges({
        ...context.aws,
        inFlight: [...inFlight],
        groups: unlockGroups(context.items),
        ...(this.polledAt === undefined ? {} : { polledAt: this.polledAt }),
      });
      this.polledAt = polledAt;
      context.awsCalls += awsCalls;
      for (const settlement of settlements) {
        const state = context.items.get(settlement.stackId);
        if (state?.phase !== 'deleting') continue;
        delete state.flight;
        this.mend(applySettlement(state, settlement, context.rulesOf(state.item.policy)));
        this.note(state);
      }
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  }

  private mend(mend: Mend | undefined): void {
    if (!mend) return;
    const state = this.context.items.get(mend.itemId);
    if (!state) return;
    switch (mend.kind) {
      case 'wait':
        this.job(state, () => sleep(parseDuration(this.context.settings.cleanup.waits[mend.wait])));
        return;
      case 'empty-buckets':
        this.job(state, () => this.emptyBuckets(mend.buckets));
        return;
    }
  }

  private async emptyBuckets(buckets: readonly string[]): Promise<void> {
    for (const bucket of buckets) {
      const { awsCalls } = await this.context.activities.empty.emptyBucket({
        ...this.context.aws,
        bucket,
      });
      this.context.awsCalls += awsCalls;
    }
  }

  /** Mends beside the watch; then the item is back in the queue, unless it was taken out of the run. */
  private job(state: ItemState, work: () => Promise<void>): void {
    this.start(async () => {
      try {
        await work();
        if (state.phase === 'mending') retry(state, state.next ?? {});
      } catch (error) {
        if (isCancellation(error)) throw error;
        if (state.phase !== 'mending') return;
        state.phase = 'deferred';
        state.reason = targetErrorOf(error).message;
      }
    });
  }

  private beginBucket(state: ItemState): void {
    if (this.bucketJobs >= mostBucketsAtOnce) return;
    this.bucketJobs += 1;
    this.count(state);
    state.phase = 'deleting';
    state.startedAt ??= new Date().toISOString();
    this.start(async () => {
      try {
        const { outcome, message, awsCalls } = await this.context.activities.empty.deleteBucket({
          ...this.context.aws,
          bucket: state.item.name,
          empty: this.context.rulesOf(state.item.policy).nonEmptyBuckets === 'empty',
        });
        this.context.awsCalls += awsCalls;
        this.settleSimply(state, outcome, message);
      } catch (error) {
        if (!isCancellation(error)) throw error;
        this.settleSimply(state, 'failed', 'the run was cancelled while it was being emptied');
      } finally {
        this.bucketJobs -= 1;
      }
    });
  }

  private beginSnapshots(states: readonly ItemState[]): void {
    for (let from = 0; from < states.length; from += mostPerBatch) {
      const batch = states.slice(from, from + mostPerBatch);
      for (const state of batch) {
        this.count(state);
        state.phase = 'deleting';
        state.startedAt ??= new Date().toISOString();
      }
      // Short, and not to be taken back: a cancelled run waits for it.
      this.start(() => CancellationScope.nonCancellable(() => this.deleteSnapshots(batch)));
    }
  }

  private async deleteSnapshots(batch: readonly ItemState[]): Promise<void> {
    const { outcomes, awsCalls } = await this.context.activities.act.deleteSnapshots({
      ...this.context.aws,
      snapshots: batch.map(({ item }) => ({ id: item.id, name: item.name })),
    });
    this.context.awsCalls += awsCalls;
    for (const { id, outcome, message } of outcomes) {
      const state = this.context.items.get(id);
      if (state) this.settleSimply(state, outcome, message);
    }
  }

  /** Settles what AWS deletes in one call. */
  private settleSimply(
    state: ItemState,
    outcome: 'deleted' | 'retry' | 'failed' | 'skipped',
    message?: string,
  ): void {
    state.endedAt = new Date().toISOString();
    state.phase = outcome === 'retry' ? 'deferred' : outcome;
    if (outcome === 'deleted') delete state.reason;
    else if (message !== undefined) state.reason = message;
    this.note(state);
  }

  /** Work beside the watch. What it throws ends the target's run, with its cause. */
  private start(work: () => Promise<void>): void {
    this.jobs += 1;
    const run = async () => {
      try {
        await this.context.scope.run(work);
      } catch (error) {
        if (!isCancellation(error)) this.context.fail(targetErrorOf(error));
      } finally {
        this.jobs -= 1;
        this.wake();
      }
    };
    void run();
  }

  private note(state: ItemState): void {
    if (isFinal(state) || state.phase === 'deferred') this.context.note(state);
  }
}
