import { describe, expect, test } from 'vitest';
import { mendLimits } from '../../../src/domain/cleanup/item-state.js';
import type { DeleteAnswer, Settlement } from '../../../src/domain/cleanup/deletes.js';
import type { Refusal } from '../../../src/domain/cleanup/refusal.js';
import {
  type TroubleRules,
  applyAnswer,
  applySettlement,
  attemptToken,
  retry,
} from '../../../src/domain/cleanup/settle.js';
import {
  at,
  careful,
  failed,
  failedEvent,
  idOf,
  inFlight,
  itemState,
  planned,
  triesUntilSettled,
} from './samples.js';

const stackId = idOf('net');
const otherRole = 'arn:aws:iam::111111111111:role/cleaner';
const refused = (refusal: Refusal, message = 'AWS said no'): DeleteAnswer => ({
  ...{ kind: 'refused', stackId, refusal, message },
});
describe('the answer of DeleteStack', () => {
  test('accepted: it is being deleted, since its first delete', () => {
    const state = itemState('net');
    expect(applyAnswer(state, { kind: 'accepted', stackId, at }, careful)).toBeUndefined();
    expect(state).toMatchObject({ phase: 'deleting', startedAt: at });
    applyAnswer(state, { kind: 'accepted', stackId, at: '2026-01-03T00:00:00.000Z' }, careful);
    expect(state.startedAt).toBe(at);
  });

  test('protected: skipped, if the policy does not turn protection off', () => {
    const state = itemState('net');
    expect(applyAnswer(state, refused({ kind: 'protected' }), careful)).toBeUndefined();
    expect(state).toMatchObject({
      phase: 'skipped',
      reason: 'termination protection is enabled',
    });
  });

  test('protected: tried once more with protection turned off, if the policy says so', () => {
    const state = itemState('net');
    const bold: TroubleRules = { ...careful, terminationProtection: 'disable' };
    applyAnswer(state, refused({ kind: 'protected' }), bold);
    expect(state).toMatchObject({ phase: 'waiting', next: { disableProtection: true } });
    applyAnswer(state, refused({ kind: 'protected' }), bold);
    expect(state.phase).toBe('skipped');
  });

  test('busy: it waits, a bounded number of times, then for the next pass', () => {
    const state = itemState('net');
    const busy = refused({ kind: 'busy', status: 'UPDATE_IN_PROGRESS' }, 'busy');
    expect(applyAnswer(state, busy, careful)).toEqual({
      ...{ kind: 'wait', itemId: stackId, wait: 'busy' },
    });
    expect(state).toMatchObject({ phase: 'mending', reason: 'busy' });
    const tries = triesUntilSettled(state, (again) => applyAnswer(again, busy, careful));
    expect(tries).toBe(mendLimits.busy);
    expect(state.phase).toBe('deferred');
  });

  test('an export in use: blocked by its importers', () => {
    const state = itemState('net');
    const importers = ['app', 'job'];
    const refusal: Refusal = { kind: 'export-in-use', exportName: 'x', importers };
    applyAnswer(state, refused(refusal, 'Export x is imported by stack app'), careful);
    expect(state).toMatchObject({
      phase: 'blocked',
      reason: 'Export x is imported by stack app',
      blockedBy: [
        { id: 'app', name: 'app' },
        { id: 'job', name: 'job' },
      ],
    });
  });

  test('its role is gone: failed, or tried once with the role of the policy', () => {
    const without = itemState('net');
    applyAnswer(without, refused({ kind: 'role-gone' }), careful);
    expect(without).toMatchObject({ phase: 'failed', failureClass: 'role-gone' });

    const state = itemState('net');
    const rules = { ...careful, deleteRoleArn: otherRole };
    applyAnswer(state, refused({ kind: 'role-gone' }), rules);
    expect(state).toMatchObject({ phase: 'waiting', next: { roleArn: otherRole } });
    applyAnswer(state, refused({ kind: 'role-gone' }), rules);
    expect(state.phase).toBe('failed');
  });

  test('not DELETE_FAILED any more: a plain delete again, with nothing left behind, in the same role', () => {
    const state = itemState(
      'net',
      {},
      {
        next: { retain: ['Bucket'], roleArn: otherRole },
        leaving: [{ logicalId: 'Bucket', type: 'AWS::S3::Bucket', reason: 'not empty' }],
      },
    );
    applyAnswer(state, refused({ kind: 'not-failed' }), careful);
    expect(state).toMatchObject({ phase: 'waiting', next: { roleArn: otherRole } });
    expect(state.next).toEqual({ roleArn: otherRole });
    expect(state.leaving).toBeUndefined();
  });

  test('access denied: failed, since trying again does not help', () => {
    const state = itemState('net');
    applyAnswer(state, refused({ kind: 'access-denied' }, 'not authorized'), careful);
    expect(state).toMatchObject({
      ...{ phase: 'failed', failureClass: 'access-denied', reason: 'not authorized' },
    });
  });

  test('anything else: the next pass tries again', () => {
    const state = itemState('net');
    applyAnswer(state, refused({ kind: 'other' }, 'odd'), careful);
    expect(state).toMatchObject({ phase: 'deferred', failureClass: 'unknown', reason: 'odd' });
  });
});

describe('the end of a delete', () => {
  test('deleted: without a reason, and without orphans', () => {
    const state = inFlight({ reason: 'it was busy' });
    applySettlement(state, { kind: 'deleted', stackId, at }, careful);
    expect(state).toMatchObject({ phase: 'deleted', endedAt: at });
    expect(state.reason).toBeUndefined();
    expect(state.orphans).toBeUndefined();
  });

  test('restored: blocked by the importers, with the events that say so', () => {
    const state = inFlight();
    const events = [failedEvent('net', 'Delete canceled.')];
    const settlement: Settlement = {
      ...{ kind: 'restored', stackId, at, status: 'CREATE_COMPLETE', reason: 'Delete canceled.' },
      ...{ importers: ['app'], events },
    };
    applySettlement(state, settlement, careful);
    expect(state).toMatchObject({
      ...{ phase: 'blocked', endedAt: at, reason: 'Delete canceled.', events },
      blockedBy: [{ id: 'app', name: 'app' }],
    });
  });

  test('not begun: the same attempt again, a bounded number of times, then the next pass', () => {
    const state = inFlight({ next: { retain: ['Bucket'] } });
    const notBegun: Settlement = { kind: 'not-begun', stackId, at, status: 'CREATE_COMPLETE' };
    applySettlement(state, notBegun, careful);
    expect(state).toMatchObject({ phase: 'waiting', next: { retain: ['Bucket'] } });
    expect(state.reason).toContain('CREATE_COMPLETE');
    const tries = triesUntilSettled(state, (again) => applySettlement(again, notBegun, careful));
    expect(tries).toBe(mendLimits['not-begun']);
    expect(state.phase).toBe('deferred');
  });

  test('timed out: failed, with the status that it was in', () => {
    const state = inFlight();
    const status = 'DELETE_IN_PROGRESS';
    applySettlement(state, { kind: 'timed-out', stackId, at, status }, careful);
    expect(state).toMatchObject({
      ...{ phase: 'failed', failureClass: 'timed-out' },
      reason: 'still DELETE_IN_PROGRESS when its time was up',
    });
  });

  test.each([
    ['Rate exceeded', 'throttled', 'throttled'],
    ['waiting for NetworkInterfaces', 'network-interfaces', 'networkInterfaces'],
    ['because it is a replicated function', 'replicated-function', 'replicatedFunction'],
  ] as const)('failed, %s: it waits, a bounded number of times', (reason, failureClass, wait) => {
    const state = inFlight();
    const settlement = failed(failedEvent('Fn', reason));
    expect(applySettlement(state, settlement, careful)).toEqual({
      ...{ kind: 'wait', itemId: stackId, wait },
    });
    expect(state).toMatchObject({ ...{ phase: 'mending', failureClass, reason } });
    const tries = triesUntilSettled(state, (again) => applySettlement(again, settlement, careful));
    expect(tries).toBe(mendLimits[wait]);
    expect(state.phase).toBe('deferred');
  });

  test('failed on a dependent object: the next pass, with the events', () => {
    const state = inFlight();
    const events = [failedEvent('Group', 'has a dependent object')];
    expect(applySettlement(state, failed(...events), careful)).toBeUndefined();
    expect(state).toMatchObject({
      ...{ phase: 'deferred', failureClass: 'dependent-object', events },
    });
  });

  test('failed for want of access: a person has to act', () => {
    const state = inFlight();
    applySettlement(state, failed(failedEvent('Group', 'AccessDenied')), careful);
    expect(state).toMatchObject({ phase: 'failed', failureClass: 'access-denied' });
  });

  test('failed because its role is gone: tried with the role of the policy', () => {
    const state = inFlight();
    const event = failedEvent('Group', `Role ${otherRole} is invalid or cannot be assumed`);
    applySettlement(state, failed(event), { ...careful, deleteRoleArn: otherRole });
    expect(state).toMatchObject({ phase: 'waiting', next: { roleArn: otherRole } });
  });

  test('the role that an attempt was given is kept by those that follow', () => {
    const state = inFlight();
    retry(state, { roleArn: otherRole });
    retry(state, { retain: ['Bucket'] });
    expect(state.next).toEqual({ retain: ['Bucket'], roleArn: otherRole });
    retry(state, { force: true });
    expect(state.next).toEqual({ force: true, roleArn: otherRole });
  });
});

describe('the token of an attempt', () => {
  const token = (id: string, attempt = 1) => attemptToken('run-1', planned('x', { id }), attempt);

  test('is another for each stack and each attempt, and always the same for one', () => {
    const tokens = [token(idOf('a')), token(idOf('a'), 2), token('stack/a/other')];
    expect(new Set(tokens).size).toBe(3);
    expect(token(idOf('a'))).toBe(tokens[0]);
  });

  test.each([idOf('net'), 'stack/x/ü_1.2', `stack/x/${'y'.repeat(300)}`, 'no-slash'])(
    'is one that AWS takes, for %s',
    (id) => {
      const run = '0f8fad5b-d9cb-469f-a165-70867728950e';
      expect(attemptToken(run, planned('x', { id }), 123)).toMatch(
        /^[a-zA-Z0-9][a-zA-Z0-9-]{0,127}$/,
      );
    },
  );
});
