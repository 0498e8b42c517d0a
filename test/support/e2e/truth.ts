import { expect } from 'vitest';
import type { RunResult } from '../../../src/client/index.js';
import type { ResultItem } from '../../../src/domain/cleanup/result.js';
import { resultTotals } from '../../../src/domain/cleanup/totals.js';
import type { Fate } from './fleet.js';
import type { Scene } from './scene.js';

const gone: Fate = { outcome: 'deleted', begun: 1 };

export interface TruthOptions {
  /** Put over the fates of the fleet. */
  fates?: Readonly<Record<string, Fate>>;
}

/**
 * Holds a run's result against what the sandbox knows: everything selected is there once, what is called
 * deleted is gone and its delete has begun as often as it had to, and nothing else was touched.
 */
export async function expectTruth(
  result: RunResult,
  { admin, practice }: Pick<Scene, 'admin' | 'practice'>,
  options: TruthOptions = {},
): Promise<void> {
  const fates = { ...practice.fates, ...options.fates };
  const items = result.targets.flatMap((target) => target.items);
  await expectTrueStacks(items, fates, admin);
  await expectTrueBuckets(items, practice.fleet.buckets ?? [], admin);
  expectTrueCounts(result);
}

async function expectTrueStacks(
  items: readonly ResultItem[],
  fates: Readonly<Record<string, Fate>>,
  admin: Scene['admin'],
): Promise<void> {
  const stacks = await admin.stacks();
  const { effectiveDeletes } = await admin.ledgerSummary();
  const begun = effectiveDeletes['DeleteStack'] ?? {};
  const byId = new Map(
    items.filter(({ kind }) => kind === 'stack').map((item) => [item.id, item] as const),
  );
  const told: unknown[] = [];
  const true_: unknown[] = [];
  for (const { id, name, region, status, tags, parentId } of stacks) {
    const item = byId.get(id);
    byId.delete(id);
    const selected = tags['ephemeral'] === 'true';
    const fate = selected ? (fates[name] ?? gone) : undefined;
    const root = stacks.find((stack) => stack.id === parentId);
    const wentWithRoot = root !== undefined && root.status === 'DELETE_COMPLETE';
    const what = `${region}/${name}`;
    told.push({
      what,
      outcome: item?.outcome,
      deleted: item?.outcome === 'deleted' || wentWithRoot,
      // A delete that CloudFormation refused was an attempt, and began nothing.
      attempts: item?.outcome === 'deleted' ? item.attempts : 0,
      begun: begun[id] ?? 0,
    });
    true_.push({
      what,
      outcome: fate?.outcome,
      deleted: status === 'DELETE_COMPLETE',
      attempts: fate?.outcome === 'deleted' ? fate.begun : 0,
      begun: fate?.begun ?? 0,
    });
    if (fate?.reason) expect(item?.reason, what).toMatch(fate.reason);
  }
  expect(told).toEqual(true_);
  expect([...byId.values()], 'items of which the sandbox knows nothing').toEqual([]);
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
  expect(told.map(({ name }) => name)).toEqual(selected.map(({ name }) => name));
  for (const { name, outcome } of told) {
    expect(await admin.bucket(name), `${name} is ${outcome}`).toEqual(
      outcome === 'deleted' ? null : expect.anything(),
    );
    expect(begun[name] ?? 0, `deletes of ${name}`).toBe(outcome === 'deleted' ? 1 : 0);
  }
  for (const { name, tags } of buckets) {
    if (tags !== undefined && tags['ephemeral'] !== 'true')
      expect(await admin.bucket(name), `${name} is not selected`).not.toBeNull();
  }
}

function expectTrueCounts({ totals, targets, status, startedAt, endedAt }: RunResult): void {
  expect(totals).toEqual(resultTotals(targets.flatMap(({ items }) => items)));
  if (status !== 'cancelled' && targets.every(({ error }) => !error))
    expect(status).toBe(totals.failed > 0 ? 'completed-with-failures' : 'completed');
  expect(Date.parse(startedAt)).toBeLessThanOrEqual(Date.parse(endedAt));
  for (const { startedAt: from, endedAt: to } of targets.flatMap(({ items }) => items)) {
    if (from !== undefined && to !== undefined)
      expect(Date.parse(from)).toBeLessThanOrEqual(Date.parse(to));
  }
}
