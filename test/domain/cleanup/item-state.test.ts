import { describe, expect, test } from 'vitest';
import {
  type ItemState,
  type Phase,
  countMend,
  finalPhases,
  isFinal,
  isSettled,
  mendLimits,
  newItemState,
  openPhases,
  toResultItem,
} from '../../../src/domain/cleanup/item-state.js';
import { resultItemSchema } from '../../../src/domain/cleanup/result.js';
import { at, failedEvent, idOf, itemState, planned, reference } from './samples.js';

const inPhase = (phase: Phase) => itemState('net', {}, { phase });

describe('an item begins', () => {
  test('waiting, when it is to be deleted; a note of the plan is not taken for its end', () => {
    const item = planned('net', { reason: 'in a cycle with app' });
    expect(newItemState(item)).toEqual({ item, phase: 'waiting', attempts: 0, passes: 0 });
  });

  test('at its end, when the plan skips or blocks it, with why', () => {
    expect(itemState('net', { decision: 'skip', reason: 'protected' })).toMatchObject({
      ...{ phase: 'skipped', reason: 'protected' },
    });
    const blockedBy = [reference('prod')];
    expect(itemState('net', { decision: 'blocked', reason: 'in use', blockedBy })).toMatchObject({
      ...{ phase: 'blocked', reason: 'in use', blockedBy },
    });
  });
});

describe('phases', () => {
  test.each(finalPhases)('%s is final, and so settled', (phase) => {
    expect(isFinal(inPhase(phase))).toBe(true);
    expect(isSettled(inPhase(phase))).toBe(true);
  });

  test.each(openPhases)(
    '%s is not final; of these only deferred is settled for its pass',
    (phase) => {
      expect(isFinal(inPhase(phase))).toBe(false);
      expect(isSettled(inPhase(phase))).toBe(phase === 'deferred');
    },
  );
});

describe('the result', () => {
  const trouble: Partial<ItemState> = {
    ...{ attempts: 3, passes: 2, startedAt: at, endedAt: at },
    ...{ failureClass: 'bucket-not-empty', events: [failedEvent('Logs', 'not empty')] },
  };

  test.each(openPhases)('an item that is still %s counts as failed', (phase) => {
    expect(toResultItem(inPhase(phase)).outcome).toBe('failed');
  });

  test.each(finalPhases)('one that is %s keeps that outcome', (phase) => {
    expect(toResultItem(inPhase(phase)).outcome).toBe(phase);
  });

  test('of a failure says its class, its events, and how often it was tried', () => {
    const state = itemState(
      'net',
      { wave: 2, dependents: ['app'] },
      { ...trouble, phase: 'failed', reason: 'not empty' },
    );
    expect(toResultItem(state)).toEqual({
      ...{ kind: 'stack', id: idOf('net'), name: 'net', policy: 'stacks', outcome: 'failed' },
      ...{ attempts: 3, passes: 2, startedAt: at, endedAt: at, wave: 2, dependents: [idOf('app')] },
      ...{ reason: 'not empty', failureClass: 'bucket-not-empty', events: trouble.events },
    });
  });

  test('of a deleted stack is silent on the trouble on the way, but not on what was left behind', () => {
    const orphans = [{ logicalId: 'Logs', type: 'AWS::S3::Bucket', reason: 'not empty' }];
    const result = toResultItem(itemState('net', {}, { ...trouble, phase: 'deleted', orphans }));
    expect(result.failureClass).toBeUndefined();
    expect(result.events).toBeUndefined();
    expect(result.orphans).toEqual(orphans);
  });

  test('is what its schema promises, and holds nothing of how the run went about it', () => {
    const state = itemState(
      'net',
      { after: ['app'], status: 'CREATE_COMPLETE' },
      { ...trouble, phase: 'failed', next: { force: true }, mends: { buckets: 1 }, lastPass: 2 },
    );
    const result = toResultItem(state);
    expect(resultItemSchema.strict().parse(result)).toEqual(result);
  });
});

test('each kind of mend has its own limit, and is refused beyond it', () => {
  const state = itemState('net');
  for (let n = 0; n < mendLimits.throttled; n++) expect(countMend(state, 'throttled')).toBe(true);
  expect(countMend(state, 'throttled')).toBe(false);
  expect(countMend(state, 'busy')).toBe(true);
  expect(state.mends).toEqual({ throttled: mendLimits.throttled, busy: 1 });
});
