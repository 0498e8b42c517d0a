import { setTimeout as delay } from 'node:timers/promises';
import {
  type CloudFormationClient,
  type StackStatus,
  paginateListStacks,
} from '@aws-sdk/client-cloudformation';
import pLimit from 'p-limit';
import type { Settlement, StackInFlight } from '../../domain/cleanup/deletes.js';
import { settlementOf } from './settlement.js';

export interface AwaitChangesOptions {
  client: CloudFormationClient;
  inFlight: readonly StackInFlight[];
  /** Sets of stacks in flight: when all of one are gone, another delete can begin. */
  groups: readonly (readonly string[])[];
  /** Milliseconds between looks, at the least. */
  pollInterval: number;
  /** When the target was last looked at, in milliseconds since the epoch. */
  polledAt?: number;
  signal: AbortSignal;
}

export interface Changes {
  settlements: Settlement[];
  polledAt: number;
}

/** A delete that has gone on for long is asked about less often: a tenth of its age costs a tenth of its time at most. */
const ageShare = 0.1;
/** Never less often than this many poll intervals. */
const slowest = 4;
/** Changes that let nothing begin are kept back for this many looks, so that many make one answer. */
const patience = 3;
/** A stack that was just told to go may not yet be listed as going (facts: DescribeStacks is eventually consistent). */
const grace = 2;
/** A delete that shows no event after this many poll intervals never began. */
const patienceWithBeginning = 12;
const confirmationsAtOnce = 8;

/**
 * Watches all deletes in flight in a target, and returns when another can begin, one has failed, or
 * all are through.
 *
 * A look is one page of ListStacks, however many stacks are in flight: those that are still being
 * deleted. What has left that list is confirmed by StackId, for only DELETE_COMPLETE of the very
 * StackId counts: at once where something waits for it, and together with others where nothing does.
 */
export async function awaitChanges(options: AwaitChangesOptions): Promise<Changes> {
  const { client, signal } = options;
  const open = new Map(options.inFlight.map((stack) => [stack.stackId, stack]));
  const settlements: Settlement[] = [];
  const deleted = new Set<string>();
  const sweep = new Sweep(client, signal);
  let polledAt = options.polledAt ?? Date.now();
  let kept = 0;

  while (open.size > 0) {
    await delay(Math.max(0, polledAt + nextInterval(options, open) - Date.now()), undefined, {
      signal,
    });
    polledAt = Date.now();
    const going = await listGoing(client, open, signal);
    const left = [...open.values()].filter((stack) => hasLeft(stack, going, options));
    const everything = left.length === open.size || kept >= patience;
    const due = everything ? left : needed(left, options.groups, deleted, going);
    kept = left.length > 0 ? kept + 1 : 0;

    for (const settlement of await confirm(due, left, sweep, options)) {
      open.delete(settlement.stackId);
      settlements.push(settlement);
      if (settlement.kind === 'deleted') deleted.add(settlement.stackId);
    }
    if (settlements.some(({ kind }) => kind !== 'deleted')) break;
    if (options.groups.some((group) => group.every((id) => deleted.has(id)))) break;
    if (settlements.length > 0 && kept > patience) break;
  }
  return { settlements, polledAt };
}

function nextInterval(
  { pollInterval }: AwaitChangesOptions,
  open: ReadonlyMap<string, StackInFlight>,
): number {
  const oldest = Math.min(...[...open.values()].map(({ startedAt }) => Date.parse(startedAt)));
  return Math.min(Math.max(pollInterval, (Date.now() - oldest) * ageShare), pollInterval * slowest);
}

type Going = ReadonlyMap<string, string>;

/** Status of the stacks that are on their way out, by StackId, and of those that are stuck. */
async function listGoing(
  client: CloudFormationClient,
  open: ReadonlyMap<string, StackInFlight>,
  signal: AbortSignal,
): Promise<Going> {
  const going = new Map<string, string>();
  // One stack is as cheap to ask for by its id, which confirms it in the same call.
  if (open.size === 1) return going;
  const filter = {
    StackStatusFilter: ['DELETE_IN_PROGRESS', 'DELETE_FAILED'] satisfies StackStatus[],
  };
  for await (const page of paginateListStacks({ client }, filter, { abortSignal: signal })) {
    for (const { StackId, StackStatus } of page.StackSummaries ?? []) {
      if (StackId && StackStatus) going.set(StackId, StackStatus);
    }
  }
  return going;
}

function hasLeft(
  stack: StackInFlight,
  going: Going,
  { pollInterval }: AwaitChangesOptions,
): boolean {
  if (going.get(stack.stackId) === 'DELETE_IN_PROGRESS')
    return Date.now() > Date.parse(stack.deadline);
  return (
    going.has(stack.stackId) || Date.now() - Date.parse(stack.startedAt) > pollInterval * grace
  );
}

/** Of the stacks that have left, those that failed and those whose confirmation may let another delete begin. */
function needed(
  left: readonly StackInFlight[],
  groups: AwaitChangesOptions['groups'],
  deleted: ReadonlySet<string>,
  going: Going,
): StackInFlight[] {
  const ids = new Set(left.map(({ stackId }) => stackId));
  const complete = groups.filter((group) => group.every((id) => ids.has(id) || deleted.has(id)));
  const wanted = new Set(complete.flat());
  return left.filter(
    ({ stackId }) => wanted.has(stackId) || going.get(stackId) === 'DELETE_FAILED',
  );
}

async function confirm(
  due: readonly StackInFlight[],
  left: readonly StackInFlight[],
  sweep: Sweep,
  { client, pollInterval, signal }: AwaitChangesOptions,
): Promise<Settlement[]> {
  if (due.length === 0) return [];
  const settlements: Settlement[] = [];
  const gone = sweep.pays(due.length, left.length) ? await sweep.find(left) : new Set<string>();
  const at = new Date().toISOString();
  for (const stackId of gone) settlements.push({ stackId, kind: 'deleted', at });
  const rest = due.filter(({ stackId, readSkipped }) => !gone.has(stackId) || readSkipped);
  const asked = await pLimit(confirmationsAtOnce).map(rest, (stack) =>
    settlementOf({ client, stack, giveUpAfter: pollInterval * patienceWithBeginning, signal }),
  );
  for (const settlement of asked) {
    if (settlement && !gone.has(settlement.stackId)) settlements.push(settlement);
  }
  return settlements;
}

/**
 * Finds many deleted stacks in one go: pages of ListStacks instead of a DescribeStacks for each.
 * AWS keeps deleted stacks listed for 90 days and promises no order, so how many pages it takes is
 * learned, and never more are read than asking one by one would have cost.
 */
class Sweep {
  private expectedPages = 1;

  constructor(
    private readonly client: CloudFormationClient,
    private readonly signal: AbortSignal,
  ) {}

  pays(due: number, left: number): boolean {
    return this.expectedPages < due || this.expectedPages * 2 < left;
  }

  /** Those that are found to be DELETE_COMPLETE. */
  async find(left: readonly StackInFlight[]): Promise<Set<string>> {
    const wanted = new Set(
      left.filter(({ readSkipped }) => !readSkipped).map(({ stackId }) => stackId),
    );
    const found = new Set<string>();
    const budget = Math.max(1, Math.ceil(left.length / 2));
    let pages = 0;
    const filter = { StackStatusFilter: ['DELETE_COMPLETE'] satisfies StackStatus[] };
    for await (const page of paginateListStacks({ client: this.client }, filter, {
      abortSignal: this.signal,
    })) {
      pages += 1;
      for (const { StackId } of page.StackSummaries ?? []) {
        if (StackId !== undefined && wanted.delete(StackId)) found.add(StackId);
      }
      if (wanted.size === 0 || pages >= budget) break;
    }
    this.expectedPages = wanted.size === 0 ? pages : pages * 2;
    return found;
  }
}
