import { describe, expect, test } from 'vitest';
import type { Settlement } from '../../../src/domain/cleanup/deletes.js';
import { mendLimits } from '../../../src/domain/cleanup/item-state.js';
import {
  type TroubleRules,
  applyAnswer,
  applyLastResort,
  applySettlement,
} from '../../../src/domain/cleanup/settle.js';
import {
  at,
  careful,
  failed,
  failedEvent,
  idOf,
  inFlight,
  itemState,
  triesUntilSettled,
} from './samples.js';

const stackId = idOf('net');
const notEmpty = 'The bucket you tried to delete is not empty';
const bucketEvent = (logicalId: string) =>
  failedEvent(logicalId, notEmpty, { type: 'AWS::S3::Bucket' });
const gone: Settlement = { kind: 'deleted', stackId, at };

describe('a stack with buckets that are not empty', () => {
  const both = failed(bucketEvent('One'), failedEvent('Group', 'odd'), bucketEvent('Two'));

  test('fails, if the policy says so', () => {
    const state = inFlight();
    expect(applySettlement(state, both, careful)).toBeUndefined();
    expect(state).toMatchObject({
      ...{ phase: 'failed', failureClass: 'bucket-not-empty', reason: notEmpty },
    });
  });

  test('has them emptied a bounded number of times, since writers race that', () => {
    const state = inFlight();
    const rules: TroubleRules = { ...careful, nonEmptyBuckets: 'empty' };
    expect(applySettlement(state, both, rules)).toEqual({
      ...{ kind: 'empty-buckets', itemId: stackId, buckets: ['one-1', 'two-1'] },
    });
    expect(state.phase).toBe('mending');
    const tries = triesUntilSettled(state, (again) => applySettlement(again, both, rules));
    expect(tries).toBe(mendLimits.buckets);
    expect(state.phase).toBe('deferred');
  });

  test('leaves them behind, and enters them in the ledger once it is gone', () => {
    const state = inFlight();
    const rules: TroubleRules = { ...careful, nonEmptyBuckets: 'retain' };
    expect(applySettlement(state, both, rules)).toBeUndefined();
    expect(state).toMatchObject({ phase: 'waiting', next: { retain: ['One', 'Two'] } });
    expect(state.orphans).toBeUndefined();
    applySettlement(state, gone, rules);
    expect(state.orphans).toEqual([
      { logicalId: 'One', physicalId: 'one-1', type: 'AWS::S3::Bucket', reason: notEmpty },
      { logicalId: 'Two', physicalId: 'two-1', type: 'AWS::S3::Bucket', reason: notEmpty },
    ]);
    expect(state.leaving).toBeUndefined();
  });
});

describe('the last resort', () => {
  const events = [failedEvent('Group', 'odd'), failedEvent('Role')];
  const stuck = () => itemState('net', {}, { phase: 'deferred', reason: 'odd', events });

  test('is not taken unless the policy allows it', () => {
    const state = stuck();
    expect(applyLastResort(state, careful)).toBe(false);
    expect(state).toEqual(stuck());
  });

  test('retain: the failed resources are named to be left behind, once', () => {
    const state = stuck();
    const rules: TroubleRules = { ...careful, lastResort: 'retain' };
    expect(applyLastResort(state, rules)).toBe(true);
    expect(state).toMatchObject({ phase: 'waiting', next: { retain: ['Group', 'Role'] } });
    applySettlement(state, gone, rules);
    expect(state.orphans).toEqual([
      { ...{ logicalId: 'Group', physicalId: 'group-1', reason: 'odd' }, type: events[0]!.type },
      { ...{ logicalId: 'Role', physicalId: 'role-1', reason: 'odd' }, type: events[1]!.type },
    ]);
    expect(applyLastResort(state, rules)).toBe(false);
  });

  test('force: nothing is named, yet what failed is in the ledger, and what the events add', () => {
    const state = stuck();
    const rules: TroubleRules = { ...careful, lastResort: 'force' };
    expect(applyLastResort(state, rules)).toBe(true);
    expect(state.next).toEqual({ force: true });
    const skipped = (logicalId: string, reason?: string) =>
      failedEvent(logicalId, reason, { status: 'DELETE_SKIPPED' });
    const seen = [skipped('Role', 'forced'), skipped('Key', 'forced'), skipped('Topic')];
    applySettlement(state, { kind: 'deleted', stackId, at, events: seen }, rules);
    expect(state.orphans!.map(({ logicalId, reason }) => [logicalId, reason])).toEqual([
      ['Group', 'odd'],
      ['Role', 'odd'],
      ['Key', 'forced'],
      ['Topic', 'skipped by the delete'],
    ]);
  });

  test('is not taken without a failed resource to leave behind', () => {
    const rules: TroubleRules = { ...careful, lastResort: 'force' };
    expect(applyLastResort(itemState('net', {}, { phase: 'deferred' }), rules)).toBe(false);
    expect(applyLastResort({ ...stuck(), events: [] }, rules)).toBe(false);
  });
});

describe('the ledger of what is left behind', () => {
  const rules: TroubleRules = { ...careful, nonEmptyBuckets: 'retain', lastResort: 'retain' };
  const role = 'arn:aws:iam::111111111111:role/cleaner';
  const names = (orphans: readonly { logicalId: string }[] = []) =>
    orphans.map(({ logicalId }) => logicalId);

  test('holds what earlier attempts left, too, when a later one had to leave more', () => {
    const state = inFlight();
    applySettlement(state, failed(bucketEvent('One')), rules);
    applySettlement(state, failed(bucketEvent('Two')), rules);
    expect(state.next).toEqual({ retain: ['One', 'Two'] });
    applySettlement(state, failed(failedEvent('Group', 'has a dependent object')), rules);
    expect(state.phase).toBe('deferred');
    expect(applyLastResort(state, rules)).toBe(true);
    expect(state.next).toEqual({ retain: ['One', 'Two', 'Group'] });
    applySettlement(state, gone, rules);
    expect(names(state.orphans)).toEqual(['One', 'Two', 'Group']);
  });

  test('names what an attempt has skipped no more, since AWS refuses that, and keeps it noted', () => {
    const state = inFlight();
    const skipped = failedEvent('One', undefined, { status: 'DELETE_SKIPPED' });
    applySettlement(state, failed(bucketEvent('One')), rules);
    applySettlement(state, failed(failedEvent('Fn', 'Rate exceeded'), skipped), rules);
    expect(state).toMatchObject({ phase: 'mending', next: {} });
    expect(state.next!.retain).toBeUndefined();
    applySettlement(state, failed(bucketEvent('Two')), rules);
    expect(state.next).toEqual({ retain: ['Two'] });
    applySettlement(state, gone, rules);
    expect(names(state.orphans)).toEqual(['One', 'Two']);
  });

  test('says of a resource that failed again what it failed on last', () => {
    const state = inFlight();
    applySettlement(state, failed(bucketEvent('One')), rules);
    const again = `${notEmpty} (again)`;
    applySettlement(state, failed(failedEvent('One', again)), rules);
    applySettlement(state, gone, rules);
    expect(state.orphans).toMatchObject([{ logicalId: 'One', reason: again }]);
  });

  test('is not forgotten by an attempt in another role', () => {
    const state = inFlight();
    const withRole = { ...rules, deleteRoleArn: role };
    applySettlement(state, failed(bucketEvent('One')), withRole);
    const answer = { kind: 'refused', stackId, message: 'gone' } as const;
    applyAnswer(state, { ...answer, refusal: { kind: 'role-gone' } }, withRole);
    expect(state.next).toEqual({ retain: ['One'], roleArn: role });
  });

  test('is empty for a stack that never went', () => {
    const state = inFlight();
    applySettlement(state, failed(bucketEvent('One')), rules);
    applySettlement(state, failed(failedEvent('Group', 'AccessDenied')), rules);
    expect(state.phase).toBe('failed');
    expect(state.orphans).toBeUndefined();
  });
});
