import { describe, expect, test } from 'vitest';
import { cellId, cellOf, recipeOf, imageKey } from '../../../src/domain/images/cell.js';
import { choose } from '../../../src/domain/images/choose.js';
import {
  type LineState,
  cellStatuses,
  missingCells,
  newLineState,
  replacedBy,
} from '../../../src/domain/images/line-state.js';
import { prunable } from '../../../src/domain/images/prune.js';
import { seeded } from '../../../src/domain/images/seed.js';
import type { LineSpec } from '../../../src/domain/images/spec.js';

const image = { id: 'ami-0123456789abcdef0' };
const line = {
  source: { kind: 'rpm', url: 'https://mirror.example' },
  architectures: ['x86_64'],
  baseOs: ['al2023', 'rocky9'].map((name) => ({ name, variables: {}, images: { x86_64: image } })),
  place: { target: { account: { id: '111111111111', name: 'dev-1' }, region: 'us-east-1' } },
} as unknown as LineSpec;

function stateWith(versions: string[], changes: Partial<LineState> = {}): LineState {
  const wanted = versions.map((evr) => ({ arch: 'x86_64', evr }));
  return { ...newLineState(), wanted, ...changes };
}

function built(...ids: string[]) {
  return Object.fromEntries(ids.map((id, index) => [id, { imageId: `ami-${index}` }]));
}

describe('what is missing', () => {
  test('is a difference of sets: the order of neither list counts', () => {
    const there = ['16.9.0-1', '16.10.0-1'].flatMap((evr) => [
      `al2023/x86_64/${evr}`,
      `rocky9/x86_64/${evr}`,
    ]);
    const state = stateWith(['16.10.0-1', '16.9.0-1'], { built: built(...there.reverse()) });
    expect(missingCells(state, line)).toEqual([]);
  });

  test('is told by exact versions: 16.1.10 does not stand for 16.1.1', () => {
    const state = stateWith(['16.1.10-1', '16.1.1-1'], {
      built: built('al2023/x86_64/16.1.10-1', 'rocky9/x86_64/16.1.10-1'),
    });
    expect(missingCells(state, line)).toEqual(['al2023/x86_64/16.1.1-1', 'rocky9/x86_64/16.1.1-1']);
  });

  test('is told for each base OS: the success of one hides nothing of another', () => {
    const state = stateWith(['16.1.0-1'], { built: built('al2023/x86_64/16.1.0-1') });
    expect(missingCells(state, line)).toEqual(['rocky9/x86_64/16.1.0-1']);
  });

  test('leaves out what is held and what waits for approval', () => {
    const state = stateWith(['16.1.0-1', '16.0.0-1'], {
      held: { 'al2023/x86_64/16.1.0-1': { reason: 'no', attempts: 3 } },
      awaiting: ['rocky9/x86_64/16.0.0-1'],
    });
    expect(missingCells(state, line)).toEqual(['rocky9/x86_64/16.1.0-1', 'al2023/x86_64/16.0.0-1']);
  });
});

test('the id of a cell tells its cell again, whatever letters its version has', () => {
  const cell = { os: 'al2023', arch: 'x86_64', evr: '2:1.0~rc1^git3+b1-1.el9' };
  expect(cellOf(cellId(cell))).toEqual(cell);
  expect(recipeOf(cellId(cell))).toBeUndefined();
  expect(cellOf(cellId(cell, 'abc'))).toEqual(cell);
  expect(recipeOf(cellId(cell, 'abc'))).toBe('abc');
});

test('keys of two channels, and of two products, differ', () => {
  const id = cellId({ os: 'al2023', arch: 'x86_64', evr: '1-1' });
  const keys = [
    imageKey({ line: 'runner', channel: 'dev' }, 'gitlab-runner', id),
    imageKey({ line: 'runner', channel: 'release' }, 'gitlab-runner', id),
    imageKey({ line: 'runner', channel: 'dev' }, 'gitlab-runner-fips', id),
    imageKey({ line: 'runner-dev', channel: 'dev' }, 'gitlab-runner', id),
  ];
  expect(new Set(keys).size).toBe(4);
});

test('cells are shown newest version first, base OSes as configured, with what is known of each', () => {
  const state = stateWith(['16.10.0-1', '16.9.0-1'], {
    built: built('rocky9/x86_64/16.9.0-1', 'al2023/x86_64/15.0.0-1'),
    failing: {
      'al2023/x86_64/16.10.0-1': { reason: 'no', attempts: 1, nextTry: '2026-01-01T00:00:00.000Z' },
    },
  });
  const cells = cellStatuses(state, line, new Set(['rocky9/x86_64/16.10.0-1']));
  expect(cells.map(({ os, evr, state: is }) => `${evr} ${os} ${is}`)).toEqual([
    '16.10.0-1 al2023 missing',
    '16.10.0-1 rocky9 building',
    '16.9.0-1 al2023 missing',
    '16.9.0-1 rocky9 built',
    '15.0.0-1 al2023 built',
  ]);
  expect(cells[0]).toMatchObject({ reason: 'no', attempts: 1 });
});

test('an image replaces older ones of its base OS and architecture, each once', () => {
  const state = stateWith([], {
    built: {
      ...built('al2023/x86_64/16.9.0-1', 'rocky9/x86_64/16.9.0-1', 'al2023/x86_64/16.11.0-1'),
      'al2023/x86_64/16.8.0-1': { imageId: 'ami-8', replacedAt: '2026-01-01T00:00:00.000Z' },
    },
  });
  expect(replacedBy('al2023/x86_64/16.10.0-1', state, line)).toEqual(['al2023/x86_64/16.9.0-1']);
});

describe('a seed', () => {
  test('records what is there, and nothing twice', () => {
    const state = stateWith([], { built: built('al2023/x86_64/16.1.0-1') });
    const found = ['al2023', 'rocky9'].map((os) => ({
      id: `${os}/x86_64/16.1.0-1`,
      image: { imageId: 'ami-x' },
    }));
    const { built: fresh, added } = seeded(state, found, {});
    expect(fresh).toEqual({ 'rocky9/x86_64/16.1.0-1': { imageId: 'ami-x' } });
    expect(added).toBe(1);
  });

  test('leaves out images that are not finished, or failed their test', () => {
    const found = [
      { id: 'al2023/x86_64/1.0-1', ready: false },
      { id: 'al2023/x86_64/2.0-1', rejected: true },
    ];
    expect(seeded(stateWith([]), found, {}).added).toBe(0);
  });

  test('takes a version without a release for every release that the mirror has of it', () => {
    const state = stateWith(['16.1.1-1', '16.1.1-2', '16.1.10-1']);
    const { built: fresh } = seeded(state, [{ id: 'al2023/x86_64/16.1.1' }], {});
    expect(Object.keys(fresh)).toEqual(['al2023/x86_64/16.1.1-1', 'al2023/x86_64/16.1.1-2']);
    const gone = seeded(state, [{ id: 'al2023/x86_64/15.0.0' }], {});
    expect(Object.keys(gone.built)).toEqual(['al2023/x86_64/15.0.0']);
  });

  test('gives its id to an image that was known by its version only', () => {
    const state = stateWith([], { built: { 'al2023/x86_64/1.0-1': {} } });
    const found = [{ id: 'al2023/x86_64/1.0-1', image: { imageId: 'ami-1' } }];
    expect(seeded(state, found, {}).built).toEqual({ 'al2023/x86_64/1.0-1': { imageId: 'ami-1' } });
    expect(seeded(state, [{ id: 'al2023/x86_64/1.0-1' }], {}).added).toBe(0);
  });

  test('counts for the recipe that is in force, where another tool knew none', () => {
    const { built: fresh } = seeded(stateWith([]), [{ id: 'al2023/x86_64/1.0-1' }], {
      recipe: 'a1',
    });
    expect(Object.keys(fresh)).toEqual(['al2023/x86_64/1.0-1/a1']);
  });
});

describe('a prune', () => {
  const there = ['16.1.0-1', '16.2.0-1', '16.10.0-1'].map((evr) => `al2023/x86_64/${evr}`);
  const listed = there.map((id, index) => ({
    id,
    image: { imageId: `ami-${index}` },
    ready: true,
  }));

  test('leaves everything where the line does not say how many to keep', () => {
    const state = stateWith([], { built: built(...there) });
    expect(prunable(state, line, listed, new Set())).toEqual([]);
  });

  test('removes older ones beyond what is kept, in every region, and what failed its test', () => {
    const all = built(...there);
    const state = stateWith([], {
      built: { ...all, [there[0]!]: { imageId: 'ami-0', copies: { 'eu-west-1': 'ami-c' } } },
    });
    const rejected = { id: 'rocky9/x86_64/16.1.0-1', image: { imageId: 'ami-r' }, rejected: true };
    const pruned = prunable(state, { ...line, keep: 2 }, [...listed, rejected], new Set());
    expect(pruned).toEqual([
      {
        id: 'rocky9/x86_64/16.1.0-1',
        imageId: 'ami-r',
        images: { 'us-east-1': 'ami-r' },
        why: 'rejected',
      },
      {
        id: there[0],
        imageId: 'ami-0',
        images: { 'us-east-1': 'ami-0', 'eu-west-1': 'ami-c' },
        why: 'older',
      },
    ]);
  });

  test('leaves what another tool has built', () => {
    const state = stateWith([], { built: built(...there) });
    const foreign = listed.map((each, index) => ({ ...each, ours: index > 0 }));
    const pruned = prunable(state, { ...line, keep: 1 }, foreign, new Set());
    expect(pruned.map(({ imageId }) => imageId)).toEqual(['ami-1']);
  });

  test('touches nothing that is being built, that is pruned already, or that EC2 does not list', () => {
    const state = stateWith([], { built: built(...there) });
    const keep = { ...line, keep: 1 };
    expect(prunable(state, keep, listed.slice(1), new Set([there[1]!]))).toEqual([]);
    state.built[there[0]!] = { imageId: 'ami-0', prunedAt: '2026-01-01T00:00:00.000Z' };
    expect(prunable(state, keep, listed, new Set()).map(({ imageId }) => imageId)).toEqual([
      'ami-1',
    ]);
  });
});

test('a choice of what is built takes a version with its release, or any release of it', () => {
  const state = stateWith(['16.1.1-1', '16.1.1-2', '16.1.10-1']);
  const chosen = (versions: string[]) => choose(state, line, { versions, os: ['al2023'] });
  expect(chosen(['16.1.1'])).toEqual(['al2023/x86_64/16.1.1-1', 'al2023/x86_64/16.1.1-2']);
  expect(chosen(['16.1.1-2'])).toEqual(['al2023/x86_64/16.1.1-2']);
  expect(() => chosen(['16.1'])).toThrow(/"16.1" is not one of the line’s/);
});
