import { expect } from 'vitest';
import type { Sandbox } from '../../../sandbox/index.js';
import type { RunResult } from '../../../src/client/index.js';
import type { ResultItem } from '../../../src/domain/cleanup/result.js';
import { resultTotals } from '../../../src/domain/cleanup/totals.js';
import type { Fate } from './fleet.js';
import type { Scene } from './scene.js';

const gone: Fate = { outcome: 'deleted', begun: 1 };

/**
 * Holds the results of a run, or of several over the same targets, against what the sandbox knows: everything
 * selected is there, what is called deleted is gone and its delete has begun as often as it had to, and nothing
 * else was touched. `fates` are put over those of the fleet, by name or StackId.
 */
export async function expectTruth(
  results: RunResult | readonly RunResult[],
  { admin, practice }: Pick<Scene, 'admin' | 'practice'>,
  fates: Readonly<Record<string, Fate>> = {},
): Promise<void> {
  const all = 'targets' in results ? [results] : results;
  const items = unitedItems(all);
  await expectTrueStacks(items, { ...practice.fates, ...fates }, admin);
  await expectTrueBuckets(items, practice.fleet.buckets ?? [], admin);
  for (const result of all) expectTrueCounts(result);
}

/** Each item once, as the run tells that deleted it, if one did. */
function unitedItems(results: readonly RunResult[]): ResultItem[] {
  const united = new Map<string, ResultItem>();
  for (const { targets } of results) {
    const ids = targets.flatMap(({ items }) => items.map(({ id }) => id));
    expect(new Set(ids).size, 'each item is reported once').toBe(ids.length);
    for (const item of targets.flatMap(({ items }) => items)) {
      const known = united.get(item.id);
      if (known?.outcome === 'deleted')
        expect(item.outcome, `${item.name} is deleted by one run only`).not.toBe('deleted');
      else united.set(item.id, item);
    }
  }
  return [...united.values()];
}

async function expectTrueStacks(
  items: readonly ResultItem[],
  fates: Readonly<Record<string, Fate>>,
  admin: Scene['admin'],
): Promise<void> {
  const stacks = await admin.stacks();
  const { effectiveDeletes } = await admin.ledgerSummary();
  const begun = effectiveDeletes['DeleteStack'] ?? {};
  const told = new Map(items.map((item) => [item.id, item] as const));
  const found: unknown[] = [];
  const wanted: unknown[] = [];
  for (const { id, name, region, status, tags, parentId } of stacks) {
    const item = told.get(id);
    const fate = fates[id] ?? fates[name] ?? (tags['ephemeral'] === 'true' ? gone : undefined);
    const what = `${name} in ${region}`;
    const root = stacks.find((stack) => stack.id === parentId);
    const wentWithRoot = root?.status === 'DELETE_COMPLETE';
    found.push({
      what,
      outcome: item?.outcome,
      // A delete that CloudFormation refused was an attempt, and began nothing.
      attempts: item?.outcome === 'deleted' ? item.attempts : undefined,
      begun: begun[id] ?? 0,
      isGone: status === 'DELETE_COMPLETE',
    });
    wanted.push({
      what,
      outcome: fate?.outcome,
      attempts: fate?.outcome === 'deleted' ? (fate.attempts ?? fate.begun) : undefined,
      begun: fate?.begun ?? 0,
      isGone: fate?.outcome === 'deleted' || wentWithRoot,
    });
    if (fate?.reason) expect(item?.reason, what).toMatch(fate.reason);
  }
  expect(found).toEqual(wanted);
  const real = new Set(stacks.map(({ id }) => id));
  const invented = items.filter(({ kind, id }) => kind === 'stack' && !real.has(id));
  expect(invented, 'items of which the sandbox knows nothing').toEqual([]);
}

async function expectTrueBuckets(
  items: readonly ResultItem[],
  buckets: readonly { name: string; tags?: Record<string, string> | undefined }[],
  admin: Scene['admin'],
): Promise<void> {
  const { effectiveDeletes } = await admin.ledgerSummary();
  const begun = effectiveDeletes['DeleteBucket'] ?? {};
  const selected = buckets.filter(({ tags }) => tags?.['ephemeral'] === 'true');
  const told = items.filter(({ kind }) => kind === 'bucket');
  expect(told.map(({ name }) => name).sort()).toEqual(selected.map(({ name }) => name).sort());
  for (const { name, outcome } of told) {
    const isGone = (await admin.bucket(name)) === null;
    expect(isGone, `${name} is ${outcome}`).toBe(outcome === 'deleted');
    expect(begun[name] ?? 0, `deletes of ${name}`).toBe(isGone ? 1 : 0);
  }
  // Those without tags of their own belong to a stack, and go with it.
  const others = buckets.filter(({ tags }) => tags && tags['ephemeral'] !== 'true');
  for (const { name } of others)
    expect(await admin.bucket(name), `${name} is not selected`).not.toBeNull();
}

function expectTrueCounts({ totals, targets, status, startedAt, endedAt }: RunResult): void {
  expect(totals).toEqual(resultTotals(targets.flatMap(({ items }) => items)));
  const troubled = totals.failed > 0 || targets.some(({ error }) => error);
  if (status !== 'cancelled')
    expect(status).toBe(troubled ? 'completed-with-failures' : 'completed');
  expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.parse(endedAt));
}

/** Stacks whose delete has begun, by now. */
export function stacksBegun(sandbox: Sandbox): number {
  return Object.keys(sandbox.ledger.summary().effectiveDeletes['DeleteStack'] ?? {}).length;
}
