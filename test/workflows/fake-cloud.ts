import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { CleanupActivities } from '../../src/activities/cleanup/index.js';
import { perform } from '../../src/activities/failure.js';
import type { PlannedItem } from '../../src/domain/cleanup/build-plan.js';
import type { Settlement, StackInFlight } from '../../src/domain/cleanup/deletes.js';
import { targetPlanHash } from '../../src/domain/cleanup/plan-hash.js';
import type { RunSpec } from '../../src/domain/cleanup/spec.js';
import type { Target } from '../../src/domain/target.js';

/** A stack that a plan deletes; `dependents` are names of those that import from it. */
export function stackItem(
  { account, region }: Target,
  name: string,
  dependents: readonly PlannedItem[] = [],
): PlannedItem {
  return {
    kind: 'stack',
    id: `arn:aws:cloudformation:${region}:${account.id}:stack/${name}/${randomUUID()}`,
    name,
    policy: 'stacks',
    decision: 'delete',
    status: 'CREATE_COMPLETE',
    wave: Math.max(-1, ...dependents.map(({ wave = 0 }) => wave)) + 1,
    ...(dependents.length > 0 ? { dependents: dependents.map(({ id }) => id) } : {}),
  };
}

/** Stacks that each import from the next: the first goes first. */
export function chain(target: Target, names: readonly string[]): PlannedItem[] {
  const items: PlannedItem[] = [];
  for (const name of names) items.push(stackItem(target, name, items.slice(-1)));
  return items;
}

/**
 * Activities that delete nothing anywhere, for what the sandbox can't be brought to do: to answer when a
 * test says so, or with megabytes.
 */
export class FakeCloud {
  /** Names of the stacks whose deletes were sent, in order. */
  readonly sent: string[] = [];
  /** Each look at deletes in flight, by the names of their stacks. */
  readonly watched: string[][] = [];
  /** Executions of `cleanupTarget` that looked at deletes, by their run ids. */
  readonly executions = new Set<string>();
  /** Names of stacks whose deletes go on until they are taken out. */
  readonly held = new Set<string>();
  /** Characters that every answer about deletes in flight is longer than it had to be. */
  padding = 0;

  constructor(
    private readonly spec: RunSpec,
    private readonly items: readonly PlannedItem[],
  ) {}

  /** The activities of a worker, `others` in place of these. */
  activities(others: Partial<CleanupActivities> = {}): CleanupActivities {
    return {
      prepareRun: () => Promise.resolve(this.spec),
      inspectTarget: ({ target }) => Promise.resolve(this.inspection(target)),
      deleteStacks: ({ deletes }) => {
        this.sent.push(...deletes.map(({ name }) => name));
        const at = new Date().toISOString();
        const answers = deletes.map(({ stackId }) => ({
          stackId,
          kind: 'accepted' as const,
          at,
        }));
        return Promise.resolve({ answers, awsCalls: deletes.length });
      },
      awaitChanges: ({ inFlight }) =>
        perform('watching', async (signal) => {
          this.watched.push(inFlight.map(nameOf));
          this.executions.add(Context.current().info.workflowExecution?.runId ?? '');
          const settlements = await this.settled(inFlight, signal);
          const padding = 'x'.repeat(this.padding);
          return { settlements, polledAt: Date.now(), awsCalls: 1, padding };
        }),
      awaitTargetFree: () => perform('waiting', (signal) => untilAborted(signal)),
      emptyBucket: () => unexpected('emptyBucket'),
      deleteBucket: () => unexpected('deleteBucket'),
      deleteSnapshots: () => unexpected('deleteSnapshots'),
      notifySlack: () => unexpected('notifySlack'),
      ...others,
    };
  }

  inspection(target: Target) {
    const items = this.items.filter(({ id }) =>
      id.includes(`:${target.region}:${target.account.id}:`),
    );
    const hash = targetPlanHash(target, items);
    return { items, hash, livingStacks: items.length, gone: [], awsCalls: 1 };
  }

  private async settled(
    inFlight: readonly StackInFlight[],
    signal: AbortSignal,
  ): Promise<Settlement[]> {
    for (;;) {
      const through = inFlight.filter((flight) => !this.held.has(nameOf(flight)));
      const at = new Date().toISOString();
      if (through.length > 0)
        return through.map(({ stackId }) => ({ stackId, kind: 'deleted', at }));
      await delay(20, undefined, { signal });
    }
  }
}

function nameOf({ stackId }: StackInFlight): string {
  return stackId.split('/')[1] ?? '';
}

function unexpected(activity: string): Promise<never> {
  return Promise.reject(new Error(`${activity} is not expected here`));
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  for (;;) await delay(60_000, undefined, { signal });
}
