import { expect, test } from 'vitest';
import type { Orphan } from '../../../src/domain/cleanup/result.js';
import {
  addPlanTotals,
  addResultTotals,
  planTotals,
  resultTotals,
  statusOf,
} from '../../../src/domain/cleanup/totals.js';
import { planned } from './samples.js';

const orphan: Orphan = { logicalId: 'Logs', type: 'AWS::S3::Bucket', reason: 'not empty' };
const none = { deleted: 0, skipped: 0, blocked: 0, failed: 0, orphaned: 0 };

test("a plan's items are counted by decision", () => {
  const items = (['delete', 'delete', 'delete', 'skip', 'skip', 'blocked'] as const).map(
    (decision) => planned('net', { decision }),
  );
  expect(planTotals(items)).toEqual({ delete: 3, skip: 2, blocked: 1 });
  expect(planTotals([])).toEqual({ delete: 0, skip: 0, blocked: 0 });
});

test('results are counted by outcome, orphans one by one, whatever became of their stack', () => {
  expect(
    resultTotals([
      { outcome: 'deleted', orphans: [orphan, orphan] },
      { outcome: 'deleted' },
      { outcome: 'skipped' },
      { outcome: 'blocked' },
      { outcome: 'failed', orphans: [orphan] },
    ]),
  ).toEqual({ deleted: 2, skipped: 1, blocked: 1, failed: 1, orphaned: 3 });
});

test('totals of targets add up, of none to nothing', () => {
  expect(
    addPlanTotals([
      { delete: 1, skip: 2, blocked: 3 },
      { delete: 10, skip: 20, blocked: 30 },
    ]),
  ).toEqual({ delete: 11, skip: 22, blocked: 33 });
  const some = { deleted: 1, skipped: 2, blocked: 3, failed: 4, orphaned: 5 };
  expect(addResultTotals([some, some])).toEqual({
    ...{ deleted: 2, skipped: 4, blocked: 6, failed: 8, orphaned: 10 },
  });
  expect(addResultTotals([])).toEqual(none);
});

test('what is blocked, skipped or left behind is no failure; a failed item or target is', () => {
  const answered = { ...none, deleted: 1, skipped: 9, blocked: 9, orphaned: 9 };
  expect(statusOf(answered, 0, false)).toBe('completed');
  expect(statusOf({ ...answered, failed: 1 }, 0, false)).toBe('completed-with-failures');
  expect(statusOf(answered, 1, false)).toBe('completed-with-failures');
});

test('a cancelled run is cancelled, whatever else became of it', () => {
  expect(statusOf({ ...none, failed: 1 }, 1, true)).toBe('cancelled');
  expect(statusOf(none, 0, true)).toBe('cancelled');
});
