import { expect, test } from 'vitest';
import { type PlannedTarget, railRefusals } from '../../../src/domain/cleanup/rails.js';

function plannedTarget(name: string, deletes: number, stacks: number, living: number) {
  return {
    target: { account: { id: '111111111111', name }, region: 'us-east-1' },
    totals: { delete: deletes, skip: 7, blocked: 7 },
    stacks: { delete: stacks, living },
  } satisfies PlannedTarget;
}

test('without rails, any plan may run', () => {
  expect(railRefusals({}, [plannedTarget('dev-1', 5000, 5000, 5000)])).toEqual([]);
});

test('maxDeletes counts what all targets delete, buckets and snapshots included, and allows that many', () => {
  const plans = [plannedTarget('dev-1', 6, 1, 10), plannedTarget('dev-2', 5, 1, 10)];
  expect(railRefusals({ maxDeletes: 11 }, plans)).toEqual([]);
  expect(railRefusals({ maxDeletes: 10 }, plans)).toEqual([
    'the plan deletes 11 resources; rails.maxDeletes allows 10',
  ]);
});

test('maxDeletes of 0 lets nothing be deleted', () => {
  expect(railRefusals({ maxDeletes: 0 }, [plannedTarget('dev-1', 1, 0, 10)])).toHaveLength(1);
  expect(railRefusals({ maxDeletes: 0 }, [plannedTarget('dev-1', 0, 0, 10)])).toEqual([]);
});

test('maxDeletePercent holds for each target by itself, of its stacks, and is exact at its edge', () => {
  const plans = [
    plannedTarget('edge', 90, 5, 10),
    plannedTarget('over', 6, 6, 10),
    plannedTarget('just-over', 334, 334, 667),
  ];
  expect(railRefusals({ maxDeletePercent: 50 }, plans)).toEqual([
    'the plan deletes 6 of 10 stacks (60 %) in over/us-east-1; rails.maxDeletePercent allows 50 %',
    'the plan deletes 334 of 667 stacks (51 %) in just-over/us-east-1; rails.maxDeletePercent allows 50 %',
  ]);
});

test('maxDeletePercent takes fractions, and a target without stacks breaks no rail', () => {
  expect(railRefusals({ maxDeletePercent: 0.5 }, [plannedTarget('a', 1, 1, 200)])).toEqual([]);
  expect(railRefusals({ maxDeletePercent: 0.4 }, [plannedTarget('a', 1, 1, 200)])).toHaveLength(1);
  expect(railRefusals({ maxDeletePercent: 0 }, [plannedTarget('a', 9, 0, 0)])).toEqual([]);
});

test('every rail that is broken is named', () => {
  const rails = { maxDeletes: 1, maxDeletePercent: 10 };
  expect(railRefusals(rails, [plannedTarget('a', 2, 2, 2)])).toHaveLength(2);
});
