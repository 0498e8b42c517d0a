import { describe, expect, test } from 'vitest';
import {
  type PlanRules,
  type PlannedItem,
  buildPlan,
} from '../../../src/domain/cleanup/build-plan.js';
import type { InspectedResource } from '../../../src/domain/cleanup/inspection.js';
import { Random } from '../../../sandbox/core/random.js';
import { idOf, inspected, reference } from './samples.js';

const seed = Number(process.env['NIGHTSHIFT_TEST_SEED'] ?? 20260103);

const lenient: PlanRules = { terminationProtection: () => 'skip', protectedBy: () => undefined };

function plan(resources: InspectedResource[], rules: Partial<PlanRules> = {}) {
  const items = buildPlan(resources, { ...lenient, ...rules });
  const byName = new Map(items.map((item) => [item.name, item]));
  return (name: string): PlannedItem => byName.get(name)!;
}

describe('order', () => {
  test('an importer goes a wave before the stack it imports from, with its status at hand', () => {
    const item = plan([
      inspected('base', { importers: ['app', 'job'] }),
      inspected('app', { importers: ['web'] }),
      inspected('web'),
      inspected('job', { status: 'DELETE_FAILED' }),
    ]);
    expect(item('web')).toEqual({
      ...{ kind: 'stack', id: idOf('web'), name: 'web', policy: 'stacks', decision: 'delete' },
      ...{ status: 'CREATE_COMPLETE', wave: 0 },
    });
    expect(item('job')).toMatchObject({ wave: 0, status: 'DELETE_FAILED' });
    expect(item('app')).toMatchObject({ wave: 1, dependents: [idOf('web')] });
    expect(item('base')).toMatchObject({ wave: 2, dependents: [idOf('app'), idOf('job')] });
    expect(item('base').after).toBeUndefined();
  });

  test('a stack with several imports of one importer names it once', () => {
    const item = plan([inspected('base', { importers: ['app', 'app'] }), inspected('app')]);
    expect(item('base').dependents).toEqual([idOf('app')]);
  });

  test('a reader through Fn::GetStackOutput goes first, as a wish', () => {
    const item = plan([inspected('base', { readers: ['reader'] }), inspected('reader')]);
    expect(item('base')).toMatchObject({
      wave: 1,
      dependents: [idOf('reader')],
      after: [idOf('reader')],
    });
    expect(item('base').reason).toBeUndefined();
  });

  test('a reader that imports as well is no mere wish', () => {
    const item = plan([
      inspected('base', { importers: ['app'], readers: ['app'] }),
      inspected('app'),
    ]);
    expect(item('base').dependents).toEqual([idOf('app')]);
    expect(item('base').after).toBeUndefined();
  });

  test('a reader that stays, is not selected, or is the stack itself holds nothing up', () => {
    const item = plan([
      inspected('base', { readers: ['kept', 'elsewhere', 'base'] }),
      inspected('kept', { protected: true }),
    ]);
    expect(item('base')).toMatchObject({ decision: 'delete', wave: 0 });
    expect(item('base').dependents).toBeUndefined();
  });

  test('where a wish closes a circle with an import it gives way, and the plan says so', () => {
    const item = plan([
      inspected('a', { importers: ['b'] }),
      inspected('b', { readers: ['a', 'c'] }),
      inspected('c'),
    ]);
    expect(item('a')).toMatchObject({ decision: 'delete', wave: 2, dependents: [idOf('b')] });
    expect(item('a').reason).toBe('in a cycle with b: Fn::GetStackOutput gives way');
    expect(item('b')).toMatchObject({ wave: 1, dependents: [idOf('c')], after: [idOf('c')] });
    expect(item('c').reason).toBeUndefined();
  });

  test('two stacks that read each other go at the same time', () => {
    const item = plan([inspected('a', { readers: ['b'] }), inspected('b', { readers: ['a'] })]);
    expect([item('a').wave, item('b').wave]).toEqual([0, 0]);
    expect(item('a').dependents).toBeUndefined();
    expect(item('b').reason).toBe('in a cycle with a: Fn::GetStackOutput gives way');
  });

  test('a chain of 2,000 stacks is put in order', () => {
    const item = plan(
      Array.from({ length: 2000 }, (_, n) =>
        inspected(`s${n}`, { importers: n === 0 ? [] : [`s${n - 1}`] }),
      ),
    );
    expect(item('s1999').wave).toBe(1999);
  });

  test(`whatever imports and reads whatever, a plan can be carried out (seed ${seed})`, () => {
    const random = new Random(seed);
    const decisions = new Set<string>();
    for (let round = 0; round < 200; round++) {
      const names = Array.from({ length: random.integer(1, 15) }, (_, n) => `s${n}`);
      const some = (share: number) => names.filter(() => random.chance(share));
      const stacks = names.map((name) =>
        inspected(name, {
          importers: [...some(0.06), ...(random.chance(0.05) ? ['outside'] : [])],
          readers: some(0.08),
          protected: random.chance(0.1),
        }),
      );
      const item = plan(stacks);
      for (const { name, importers } of stacks) {
        const own = item(name);
        decisions.add(own.decision);
        if (own.decision !== 'delete') continue;
        for (const importer of importers) {
          expect(item(importer.name).decision).toBe('delete');
          expect(own.dependents).toContain(importer.id);
        }
        for (const id of own.dependents ?? [])
          expect(item(names.find((each) => idOf(each) === id)!).wave).toBeLessThan(own.wave!);
      }
    }
    expect([...decisions].toSorted()).toEqual(['blocked', 'delete', 'skip']);
  });
});

describe('blocked', () => {
  test('an importer outside the plan blocks a stack, and so through to what that stands on, by name', () => {
    const item = plan([
      inspected('base', { importers: ['mid', 'free'] }),
      inspected('mid', { importers: ['top'] }),
      inspected('top', { importers: ['prod-1', 'prod-2'] }),
      inspected('free'),
    ]);
    expect(item('top')).toMatchObject({
      decision: 'blocked',
      reason: 'an export is imported by prod-1, prod-2',
      blockedBy: [reference('prod-1'), reference('prod-2')],
    });
    expect(item('mid')).toMatchObject({
      decision: 'blocked',
      reason: 'an export is imported by a stack that stays: top',
      blockedBy: [reference('top')],
    });
    expect(item('base')).toMatchObject({ decision: 'blocked', blockedBy: [reference('mid')] });
    expect(item('free')).toMatchObject({ decision: 'delete', wave: 0 });
    expect(item('top').wave).toBeUndefined();
  });

  test('an importer that is selected but skipped blocks like one outside', () => {
    const item = plan([
      inspected('base', { importers: ['app'] }),
      inspected('app', { protected: true }),
    ]);
    expect(item('base')).toMatchObject({ decision: 'blocked', blockedBy: [reference('app')] });
  });

  test('a circle of imports is reported as one on each of its members', () => {
    const item = plan([
      inspected('under', { importers: ['a'] }),
      inspected('a', { importers: ['b'] }),
      inspected('b', { importers: ['c'] }),
      inspected('c', { importers: ['a'] }),
    ]);
    for (const name of ['a', 'b', 'c']) {
      const { decision, reason, blockedBy } = item(name);
      expect(decision).toBe('blocked');
      expect(reason).toMatch(/^part of a cycle of imports: [abc], [abc], [abc]$/);
      expect(blockedBy!.map((by) => by.name).toSorted()).toEqual(['a', 'b', 'c']);
    }
    expect(item('under')).toMatchObject({
      decision: 'blocked',
      reason: 'an export is imported by a stack that stays: a',
    });
  });

  test('an importer outside is named first, even for a member of a circle', () => {
    const item = plan([
      inspected('a', { importers: ['b', 'prod'] }),
      inspected('b', { importers: ['a'] }),
    ]);
    expect(item('a').reason).toBe('an export is imported by prod');
    expect(item('b').reason).toMatch(/^part of a cycle of imports:/);
  });

  test('of many importers five are named and the others counted; all are kept', () => {
    const importers = Array.from({ length: 8 }, (_, n) => `prod-${n}`);
    const item = plan([inspected('base', { importers })]);
    expect(item('base').reason).toBe(
      'an export is imported by prod-0, prod-1, prod-2, prod-3, prod-4 and 3 more',
    );
    expect(item('base').blockedBy).toHaveLength(8);
  });
});

describe('skipped', () => {
  const skips = (resource: InspectedResource, reason: string, rules: Partial<PlanRules> = {}) => {
    const item = plan([resource], rules)(resource.name);
    expect(item).toMatchObject({ decision: 'skip', reason });
    expect(item.wave).toBeUndefined();
  };
  const snapshot = (snapshotType: string): InspectedResource => ({
    kind: 'rds-snapshot',
    id: 'arn:aws:rds:us-east-1:111111111111:snapshot:s',
    name: 's',
    policy: 'snapshots',
    status: 'available',
    snapshotType,
  });
  const bucket: InspectedResource = {
    kind: 'bucket',
    id: 'arn:aws:s3:::logs',
    name: 'logs',
    policy: 'buckets',
  };

  test('termination protection, unless the very policy turns it off', () => {
    const stack = inspected('net', { protected: true, policy: 'careful' });
    skips(stack, 'termination protection is enabled');
    const terminationProtection = (policy: string) => (policy === 'bold' ? 'disable' : 'skip');
    skips(stack, 'termination protection is enabled', { terminationProtection });
    const item = plan([{ ...stack, policy: 'bold' }], { terminationProtection });
    expect(item('net')).toMatchObject({ decision: 'delete', wave: 0 });
  });

  test('an instance of a StackSet', () => {
    skips(inspected('StackSet-guard-1'), 'an instance of a StackSet: delete it there');
  });

  test('a nested stack, whose living root is named', () => {
    skips(inspected('app-Nested-1', { root: reference('app') }), 'nested in app, and goes with it');
  });

  test('what the rails protect, whatever it is, by the pattern', () => {
    const rules = { protectedBy: () => 'prod-*' };
    for (const resource of [inspected('prod-net'), bucket, snapshot('manual')])
      skips(resource, 'kept by the rails (protect: prod-*)', rules);
  });

  test('what the policy must not act on, before all other reasons', () => {
    const refusal = 'the policy selects more than its max-resources';
    skips(inspected('StackSet-1', { refusal, protected: true }), refusal, {
      protectedBy: () => '*',
    });
    skips({ ...bucket, refusal }, refusal);
  });

  test('automated and shared snapshots; manual ones and buckets go', () => {
    skips(
      snapshot('automated'),
      'an automated snapshot: it goes with its instance or its retention period',
    );
    skips(snapshot('shared'), 'a shared snapshot is not ours to delete');
    skips(snapshot('public'), 'a public snapshot is not ours to delete');
    expect(plan([snapshot('manual')])('s')).toMatchObject({ decision: 'delete', wave: 0 });
    expect(plan([bucket])('logs')).toMatchObject({ decision: 'delete', wave: 0 });
  });
});

test('every resource has its place in the plan, in the order of the inspection', () => {
  const names = ['d', 'a', 'StackSet-x', 'c', 'b'];
  const items = buildPlan(
    names.map((name) => inspected(name)),
    lenient,
  );
  expect(items.map(({ name }) => name)).toEqual(names);
});
