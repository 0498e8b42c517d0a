import { describe, expect, test } from 'vitest';
import type { ItemState, Phase } from '../../../src/domain/cleanup/item-state.js';
import {
  type PolicyOrder,
  blockStranded,
  readyItems,
  unlockGroups,
} from '../../../src/domain/cleanup/order.js';
import { idOf, itemState, itemsOf, reference } from './samples.js';

const free: PolicyOrder = new Map();
const namesReady = (items: ReadonlyMap<string, ItemState>, order = free) =>
  readyItems(items, order).map(({ item }) => item.name);

describe('what is ready', () => {
  const baseAnd = (phase: Phase, weak = false) =>
    itemsOf(
      itemState('base', { dependents: ['app'], ...(weak ? { after: ['app'] } : {}) }),
      itemState('app', {}, { phase }),
    );

  test('an item whose importers are all deleted', () => {
    expect(namesReady(baseAnd('deleted'))).toEqual(['base']);
  });

  test.each<Phase>(['deleting', 'mending', 'deferred', 'failed', 'blocked', 'skipped'])(
    'not one whose importer is %s',
    (phase) => {
      expect(namesReady(baseAnd(phase))).toEqual([]);
    },
  );

  test.each<Phase>(['deleted', 'deferred', 'failed', 'blocked', 'skipped'])(
    'a reader holds it up no longer once that is %s',
    (phase) => {
      expect(namesReady(baseAnd(phase, true))).toEqual(['base']);
    },
  );

  test.each<Phase>(['deleting', 'mending'])('a reader that is %s goes first', (phase) => {
    expect(namesReady(baseAnd(phase, true))).toEqual([]);
  });

  test('a dependent that nobody knows any more holds nothing up', () => {
    expect(namesReady(itemsOf(itemState('base', { dependents: ['gone'] })))).toEqual(['base']);
  });

  test('only what waits', () => {
    const phases: Phase[] = ['deleting', 'mending', 'deferred', 'deleted', 'failed'];
    const items = itemsOf(...phases.map((phase) => itemState(phase, {}, { phase })));
    expect(namesReady(items)).toEqual([]);
  });
});

describe('a policy that is after another', () => {
  const order: PolicyOrder = new Map([
    ['buckets', []],
    ['stacks', ['buckets']],
  ]);
  const bucketIs = (phase: Phase) =>
    itemsOf(
      itemState('logs', { policy: 'buckets' }, { phase }),
      itemState('net', { policy: 'stacks' }),
    );

  test.each<Phase>(['deleting', 'mending'])('waits while an item of that is %s', (phase) => {
    expect(namesReady(bucketIs(phase), order)).toEqual([]);
  });

  test('lets the other begin', () => {
    expect(namesReady(bucketIs('waiting'), order)).toEqual(['logs']);
  });

  test.each<Phase>(['deferred', 'failed', 'blocked', 'skipped', 'deleted'])(
    'begins once all items of that are settled, %s included',
    (phase) => {
      expect(namesReady(bucketIs(phase), order)).toEqual(['net']);
    },
  );
});

describe('what is stranded', () => {
  test.each<Phase>(['failed', 'blocked', 'skipped'])(
    'what stands under a stack that is %s stays, through to the last, each naming the one above',
    (phase) => {
      const items = itemsOf(
        itemState('base', { dependents: ['mid'] }),
        itemState('mid', { dependents: ['top', 'other'] }),
        itemState('top', {}, { phase }),
        itemState('other', {}, { phase: 'deleted' }),
        itemState('free'),
      );
      blockStranded(items);
      expect(items.get(idOf('mid'))).toMatchObject({
        phase: 'blocked',
        reason: `imported by top (${phase})`,
        blockedBy: [reference('top')],
      });
      expect(items.get(idOf('base'))).toMatchObject({
        phase: 'blocked',
        reason: 'imported by mid (blocked)',
        blockedBy: [reference('mid')],
      });
      expect(items.get(idOf('free'))!.phase).toBe('waiting');
    },
  );

  test.each<Phase>(['deferred', 'deleting', 'mending', 'deleted'])(
    'nothing stands under a stack that is %s for good',
    (phase) => {
      const items = itemsOf(
        itemState('base', { dependents: ['top'] }),
        itemState('top', {}, { phase }),
      );
      blockStranded(items);
      expect(items.get(idOf('base'))!.phase).toBe('waiting');
    },
  );

  test('a reader that stays strands nothing', () => {
    const items = itemsOf(
      itemState('base', { dependents: ['reader'], after: ['reader'] }),
      itemState('reader', {}, { phase: 'failed' }),
    );
    blockStranded(items);
    expect(items.get(idOf('base'))!.phase).toBe('waiting');
  });

  test('all that stay are named', () => {
    const items = itemsOf(
      itemState('base', { dependents: ['a', 'b'] }),
      itemState('a', {}, { phase: 'failed' }),
      itemState('b', {}, { phase: 'skipped' }),
    );
    blockStranded(items);
    expect(items.get(idOf('base'))!.reason).toBe('imported by a (failed), b (skipped)');
  });
});

describe('groups whose end makes something ready', () => {
  test('those in flight that a waiting item waits for, and nothing else', () => {
    const items = itemsOf(
      itemState('base', { dependents: ['a', 'b', 'done'] }),
      itemState('a', {}, { phase: 'deleting' }),
      itemState('b', {}, { phase: 'deleting' }),
      itemState('done', {}, { phase: 'deleted' }),
      itemState('lone', {}, { phase: 'deleting' }),
    );
    expect(unlockGroups(items)).toEqual([[idOf('a'), idOf('b')]]);
  });

  test.each<Phase>(['waiting', 'mending', 'deferred'])(
    'none while another that it waits for is %s',
    (phase) => {
      const items = itemsOf(
        itemState('base', { dependents: ['a', 'b'] }),
        itemState('a', {}, { phase: 'deleting' }),
        itemState('b', {}, { phase }),
      );
      expect(unlockGroups(items)).toEqual([]);
    },
  );
});
