import { expect, test } from 'vitest';
import { audit } from '../../src/cli/demo/cleanup/audit.js';
import type { CloudRecord } from '../../src/cli/demo/cleanup/cloud-record.js';
import type { Plan } from '../../src/domain/cleanup/plan.js';
import type { RunResult } from '../../src/domain/cleanup/result.js';

const account = { id: '111111111111', name: 'dev-1' };
const region = 'us-east-1';
const policy = 'delete-ephemeral-cfn-stacks';

/** A run that was to delete the stack `web`, and did so with this many deletes sent. */
function runOf(attempts: number): [Plan, RunResult] {
  const item = { kind: 'stack', id: 'arn:web', name: 'web', policy } as const;
  const totals = { deleted: 1, skipped: 0, blocked: 0, failed: 0, orphaned: 0 };
  const time = '2026-03-14T23:00:00.000Z';
  const plan: Plan = {
    targets: [{ account, region, items: [{ ...item, decision: 'delete' }] }],
    totals: { delete: 1, skip: 0, blocked: 0 },
    planHash: '0123456789abcdef',
  };
  const result: RunResult = {
    ...{ runId: 'run', workflowId: 'workflow', status: 'completed', totals, awsCalls: 9 },
    ...{ startedAt: time, endedAt: time, policies: [policy] },
    targets: [
      {
        ...{ account, region, passes: 1, awsCalls: 9, startedAt: time },
        items: [{ ...item, outcome: 'deleted', attempts, passes: 1 }],
      },
    ],
  };
  return [plan, result];
}

/** A cloud with the stacks `web` and `shared`, in which these deletes were begun. */
function cloudOf(status: string, begun: Record<string, number>): CloudRecord {
  const state = (name: string, now: string) => ({
    ...{ id: `arn:${name}`, name, status: now, account: account.id, region, protected: false },
    ...{ tags: {}, exports: [], imports: [], createdAt: '2026-03-01T00:00:00.000Z' },
  });
  return {
    ledger: {
      calls: 9,
      actions: { 'cloudformation:DeleteStack': { ok: 2 }, 'sts:AssumeRole': { ok: 1 } },
      targets: {},
      effectiveDeletes: { DeleteStack: begun },
    },
    stacks: [state('web', status), state('shared', 'CREATE_COMPLETE')],
    left: [],
  };
}

test('a stack that went once is as it should be', () => {
  const cloud = cloudOf('DELETE_COMPLETE', { 'arn:web': 1 });
  const found = audit(...runOf(1), cloud);
  expect(found).toMatchObject({ stacks: 1, sent: 2, effective: 1, again: [], problems: [] });
  expect(found).toMatchObject({ calls: 9, cloudFormationCalls: 2 });
});

test('a delete that the run began again on purpose is told of, and no problem', () => {
  const found = audit(...runOf(2), cloudOf('DELETE_COMPLETE', { 'arn:web': 2 }));
  expect(found.again.map(({ name }) => name)).toEqual(['web']);
  expect(found.problems).toEqual([]);
});

test('a delete that the run does not know of is a problem', () => {
  const found = audit(...runOf(1), cloudOf('DELETE_COMPLETE', { 'arn:web': 2 }));
  expect(found.problems).toEqual(['web was deleted 2 times, where the run knows of 1']);
});

test('a stack that is reported as deleted and is still there is a problem', () => {
  const found = audit(...runOf(1), cloudOf('DELETE_FAILED', { 'arn:web': 1 }));
  expect(found.problems).toEqual(['web is reported as deleted, but is DELETE_FAILED']);
});

test('a delete of a stack outside the selection is a problem', () => {
  const found = audit(...runOf(1), cloudOf('DELETE_COMPLETE', { 'arn:web': 1, 'arn:shared': 1 }));
  expect(found.problems).toEqual([
    'shared was to stay, but a delete was begun; it is CREATE_COMPLETE',
  ]);
});

test('a bucket that is reported as deleted and is still there is a problem', () => {
  const cloud = { ...cloudOf('DELETE_COMPLETE', { 'arn:web': 1 }), left: ['cache'] };
  expect(audit(...runOf(1), cloud).problems).toEqual([
    'cache is reported as deleted, but is still there',
  ]);
});
