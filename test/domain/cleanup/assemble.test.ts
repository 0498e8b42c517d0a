import { describe, expect, test } from 'vitest';
import { assemblePlan, assembleResult } from '../../../src/domain/cleanup/assemble.js';
import { toResultItem } from '../../../src/domain/cleanup/item-state.js';
import { planSchema } from '../../../src/domain/cleanup/plan.js';
import type { RunProgress, RunSummary, RunTarget } from '../../../src/domain/cleanup/progress.js';
import { runResultSchema } from '../../../src/domain/cleanup/result.js';
import type { TargetSummary } from '../../../src/domain/cleanup/spec.js';
import { at, itemState, planned } from './samples.js';

const later = '2026-01-02T04:00:00.000Z';
const inRegion = (region: string) => ({ account: { id: '111111111111', name: 'dev-1' }, region });
const totals = { deleted: 1, skipped: 0, blocked: 0, failed: 0, orphaned: 0 };
const error = { code: 'AwsAccess', message: 'no role', hint: 'make one' };
const summary: TargetSummary = {
  ...{ totals, startedAt: at, endedAt: later, notable: [] },
  ...{ awsCalls: 12, passes: 2, cancelled: false },
};
const done: RunTarget = { target: inRegion('us-east-1'), phase: 'done', summary };
const unreachable: RunTarget = { target: inRegion('eu-west-1'), phase: 'done', error };
const run: RunSummary = {
  ...{ runId: 'run-1', workflowId: 'cleanup', status: 'completed-with-failures' },
  ...{ startedAt: '2026-01-02T03:00:00.000Z', endedAt: later, policies: ['stacks'] },
  ...{ totals, awsCalls: 15, targets: [done, unreachable] },
};

describe('a result', () => {
  const item = toResultItem(itemState('net', {}, { phase: 'deleted' }));
  const result = assembleResult(run, (target) => (target === done ? [item] : []));

  test('holds the counts of the run, and for each target its items, passes, calls and times', () => {
    const { targets, ...counts } = result;
    expect({ ...counts, targets: run.targets }).toEqual(run);
    expect(targets[0]).toEqual({
      ...{ ...inRegion('us-east-1'), items: [item], passes: 2, awsCalls: 12 },
      ...{ startedAt: at, endedAt: later },
    });
  });

  test('says of a target that was never entered why, from when the run began', () => {
    expect(result.targets[1]).toEqual({
      ...{ ...inRegion('eu-west-1'), items: [], passes: 0, awsCalls: 0 },
      ...{ startedAt: run.startedAt, error },
    });
  });

  test('says why a run was refused or cancelled', () => {
    expect(assembleResult({ ...run, reason: 'by ops' }, () => []).reason).toBe('by ops');
    expect('reason' in result).toBe(false);
  });

  test('is what its schema promises', () => {
    expect(runResultSchema.parse(result)).toEqual(result);
  });
});

describe('a plan', () => {
  const progress: RunProgress = {
    ...{ workflowId: 'cleanup', runId: 'run-1', phase: 'done', startedAt: at },
    ...{ policies: ['stacks'], planHash: '0123456789abcdef', refusals: [], awsCalls: 3 },
    targets: [done, unreachable],
  };
  const items = [planned('net'), planned('kept', { decision: 'skip' })];
  const itemsOf = (target: RunTarget) => (target === done ? items : []);

  test('holds the items of each target and what they add up to, under its hash', () => {
    const plan = assemblePlan(progress, itemsOf);
    expect(plan).toEqual({
      targets: [
        { ...inRegion('us-east-1'), items },
        { ...inRegion('eu-west-1'), items: [], error },
      ],
      totals: { delete: 1, skip: 1, blocked: 0 },
      planHash: '0123456789abcdef',
    });
    expect(planSchema.safeParse(plan).success).toBe(true);
  });

  test('says why its run would be refused', () => {
    const refusals = ['the plan deletes 11 resources; rails.maxDeletes allows 10'];
    expect(assemblePlan({ ...progress, refusals }, itemsOf).refusals).toEqual(refusals);
  });
});
