import { describe, expect, test } from 'vitest';
import type { PlannedItem } from '../../../src/domain/cleanup/build-plan.js';
import {
  type Items,
  type NewLook,
  type PassRules,
  anotherPass,
  beginPass,
  closeBooks,
  takeLastResorts,
} from '../../../src/domain/cleanup/passes.js';
import { failedEvent, idOf, itemState, itemsOf, planned, reference } from './samples.js';

const rules: PassRules = {
  ...{ terminationProtection: 'skip', nonEmptyBuckets: 'fail', lastResort: 'none' },
  ...{ passes: 4, newStacks: 'next-pass' },
};
const always =
  (more: Partial<PassRules> = {}) =>
  (): PassRules => ({ ...rules, ...more });
const of = (items: Items, name: string) => items.get(idOf(name))!;
const deferred = (name: string, passes = 1, item: Parameters<typeof planned>[1] = {}) =>
  itemState(name, item, { phase: 'deferred', attempts: passes, passes, reason: 'in use' });

describe('another pass', () => {
  const worthIt = (passes: number, pass: number, deletedInPass: number, most = 4) =>
    anotherPass(itemsOf(deferred('net', passes)), pass, deletedInPass, always({ passes: most }));

  test('is worth it while something was deleted, or an item has not had its second try', () => {
    expect(worthIt(1, 1, 0)).toBe(true);
    expect(worthIt(2, 2, 1)).toBe(true);
    expect(worthIt(2, 2, 0)).toBe(false);
  });

  test('never comes beyond the passes of the policy', () => {
    expect(worthIt(1, 4, 9)).toBe(false);
    expect(worthIt(1, 1, 9, 1)).toBe(false);
  });

  test('is not worth it for what has failed, is blocked or is gone', () => {
    const items = itemsOf(
      itemState('a', {}, { phase: 'failed' }),
      itemState('b', {}, { phase: 'blocked' }),
      itemState('c', {}, { phase: 'deleted' }),
    );
    expect(anotherPass(items, 1, 9, always())).toBe(false);
  });

  test('is worth it for the one policy that has passes left', () => {
    const items = itemsOf(deferred('a', 2, { policy: 'once' }), deferred('b', 2));
    const rulesOf = (policy: string) => ({ ...rules, passes: policy === 'once' ? 1 : 3 });
    expect(anotherPass(items, 2, 1, rulesOf)).toBe(true);
    expect(anotherPass(items, 3, 1, rulesOf)).toBe(false);
  });
});

describe('a pass begins from a new look', () => {
  const look = (found: PlannedItem[], more: Partial<NewLook> = {}): NewLook => ({
    ...{ found, gone: new Set<string>(), allowance: 0 },
    ...more,
  });

  test('what was deferred is tried again, with what stands on it now and its place in the plan', () => {
    const items = itemsOf(deferred('net', 1, { wave: 3 }));
    beginPass(items, look([planned('net', { dependents: ['app'], wave: 1 })]), always(), 2);
    expect(of(items, 'net')).toMatchObject({ phase: 'waiting', attempts: 1 });
    expect(of(items, 'net').item).toMatchObject({ dependents: [idOf('app')], wave: 3 });
  });

  test('what is gone counts as deleted, and how is said', () => {
    const items = itemsOf(
      deferred('net'),
      itemState('base', {}, { phase: 'blocked', blockedBy: [reference('app')] }),
    );
    beginPass(items, look([], { gone: new Set([idOf('net'), idOf('base')]) }), always(), 2);
    for (const name of ['net', 'base'])
      expect(of(items, name)).toMatchObject({
        ...{ phase: 'deleted', reason: 'it went between two passes' },
      });
    expect(of(items, 'base').blockedBy).toBeUndefined();
  });

  test('what no policy selects any more is left alone', () => {
    const items = itemsOf(deferred('net'));
    beginPass(items, look([]), always(), 2);
    expect(of(items, 'net')).toMatchObject({
      ...{ phase: 'skipped', reason: 'no policy selects it any more' },
    });
  });

  test('what is protected by now is skipped, what is imported by now is blocked', () => {
    const items = itemsOf(deferred('net'), deferred('base'));
    const found = [
      planned('net', { decision: 'skip', reason: 'termination protection is enabled' }),
      planned('base', {
        ...{ decision: 'blocked', reason: 'an export is imported by prod' },
        blockedBy: [reference('prod')],
      }),
    ];
    beginPass(items, look(found), always(), 2);
    expect(of(items, 'net')).toMatchObject({
      ...{ phase: 'skipped', reason: 'termination protection is enabled' },
    });
    expect(of(items, 'base')).toMatchObject({
      ...{ phase: 'blocked', reason: 'an export is imported by prod' },
      blockedBy: [reference('prod')],
    });
  });

  test('what has used its passes up is not tried again', () => {
    const items = itemsOf(deferred('net'));
    beginPass(items, look([planned('net')]), always({ passes: 1 }), 2);
    expect(of(items, 'net').phase).toBe('deferred');
  });

  test('what was blocked on the way goes once its importer is gone', () => {
    const blockedBy = [reference('app')];
    const items = itemsOf(itemState('base', {}, { phase: 'blocked', reason: 'in use', blockedBy }));
    beginPass(items, look([planned('base')]), always(), 2);
    expect(of(items, 'base').phase).toBe('waiting');
    expect(of(items, 'base').reason).toBeUndefined();
    expect(of(items, 'base').blockedBy).toBeUndefined();
  });

  test('what the plan had not to be deleted is not deleted by a later pass', () => {
    const items = itemsOf(
      itemState('base', { decision: 'blocked', reason: 'in use' }),
      itemState('net', { decision: 'skip', reason: 'protected' }),
    );
    beginPass(items, look([planned('base'), planned('net')]), always(), 2);
    expect([of(items, 'base').phase, of(items, 'net').phase]).toEqual(['blocked', 'skipped']);
  });

  test('what was settled for good stays so', () => {
    const items = itemsOf(
      itemState('a', {}, { phase: 'failed' }),
      itemState('b', {}, { phase: 'skipped', reason: 'by a person' }),
    );
    beginPass(items, look([planned('a'), planned('b')]), always(), 2);
    expect([of(items, 'a').phase, of(items, 'b').phase]).toEqual(['failed', 'skipped']);
  });

  test('new ones are taken up within the allowance, and counted', () => {
    const items: Items = new Map();
    const found = [
      planned('kept', { decision: 'skip', reason: 'protected' }),
      ...['a', 'b', 'c'].map((name) => planned(name)),
      planned('stuck', { decision: 'blocked', reason: 'in use' }),
    ];
    expect(beginPass(items, look(found, { allowance: 2 }), always(), 2)).toBe(2);
    expect([...items.values()].map(({ item, phase }) => [item.name, phase])).toEqual([
      ['kept', 'skipped'],
      ['a', 'waiting'],
      ['b', 'waiting'],
      ['stuck', 'blocked'],
    ]);
  });

  test('new ones are left where the policy says so, whatever the allowance', () => {
    const items: Items = new Map();
    const found = [planned('a', { policy: 'strict' }), planned('b')];
    const rulesOf = (policy: string): PassRules => ({
      ...rules,
      newStacks: policy === 'strict' ? 'leave' : 'next-pass',
    });
    expect(beginPass(items, look(found, { allowance: 9 }), rulesOf, 2)).toBe(1);
    expect([...items.keys()]).toEqual([idOf('b')]);
  });

  test('those that the plan held take nothing of the allowance', () => {
    const items = itemsOf(deferred('net'));
    const found = [planned('net'), planned('new')];
    expect(beginPass(items, look(found, { allowance: 1 }), always(), 2)).toBe(1);
    expect(of(items, 'new').phase).toBe('waiting');
  });
});

describe('last resorts', () => {
  const stuck = (name: string, phase: 'deferred' | 'failed' = 'deferred') =>
    itemState(name, {}, { phase, attempts: 2, events: [failedEvent('Group', 'odd')] });

  test('are taken for what is deferred, once, where the policy allows it', () => {
    const items = itemsOf(stuck('a'), stuck('b', 'failed'));
    expect(takeLastResorts(items, always())).toBe(false);
    expect(takeLastResorts(items, always({ lastResort: 'force' }))).toBe(true);
    expect(of(items, 'a')).toMatchObject({ phase: 'waiting', next: { force: true } });
    expect(of(items, 'b').phase).toBe('failed');
    of(items, 'a').phase = 'deferred';
    expect(takeLastResorts(items, always({ lastResort: 'force' }))).toBe(false);
  });
});

describe('the books are closed', () => {
  test('what was tried has failed, with its reason; what stands under it is blocked by it', () => {
    const items = itemsOf(
      deferred('app'),
      itemState('silent', {}, { phase: 'deferred', attempts: 1 }),
      itemState('mid', { dependents: ['app'] }),
      itemState('base', { dependents: ['mid'] }),
    );
    closeBooks(items);
    expect(of(items, 'app')).toMatchObject({ phase: 'failed', reason: 'in use' });
    expect(of(items, 'silent')).toMatchObject({ phase: 'failed', reason: 'it did not go' });
    expect(of(items, 'mid')).toMatchObject({
      ...{ phase: 'blocked', reason: 'imported by app (failed)' },
      blockedBy: [reference('app')],
    });
    expect(of(items, 'base')).toMatchObject({
      ...{ phase: 'blocked', reason: 'imported by mid (blocked)' },
    });
  });

  test('what never had its turn is blocked, and that is said', () => {
    const items = itemsOf(itemState('net'));
    closeBooks(items);
    expect(of(items, 'net')).toMatchObject({
      ...{ phase: 'blocked', reason: 'its turn never came: what it waits for did not go' },
    });
  });

  test('of a run that was stopped, what was not begun is skipped, with why', () => {
    const items = itemsOf(deferred('app'), itemState('base', { dependents: ['app'] }));
    closeBooks(items, 'cancelled by ops');
    expect(of(items, 'app')).toMatchObject({ phase: 'failed', reason: 'in use' });
    expect(of(items, 'base')).toMatchObject({ phase: 'skipped', reason: 'cancelled by ops' });
  });

  test('what is final stays as it is', () => {
    const items = itemsOf(
      itemState('a', {}, { phase: 'deleted' }),
      itemState('b', {}, { phase: 'skipped', reason: 'by a person' }),
    );
    const before = structuredClone(items);
    closeBooks(items, 'cancelled');
    expect(items).toEqual(before);
  });
});
