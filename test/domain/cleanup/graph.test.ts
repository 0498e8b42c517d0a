import { describe, expect, test } from 'vitest';
import { findCycles, invert, reachable, waves } from '../../../src/domain/cleanup/graph.js';
import { Random } from '../../../sandbox/core/random.js';

const seed = Number(process.env['NIGHTSHIFT_TEST_SEED'] ?? 20260102);
const random = new Random(seed);

type Edges = Map<string, string[]>;

const graph = (edges: Record<string, string[]>): Edges => new Map(Object.entries(edges));
const sorted = (cycles: string[][]) => cycles.map((cycle) => cycle.toSorted()).toSorted();

/** A chain of `length` nodes, each with the one before it as its dependent. */
const chain = (length: number): Edges =>
  new Map(Array.from({ length }, (_, n) => [`n${n}`, n === 0 ? [] : [`n${n - 1}`]]));

function randomGraph(edgeAllowed: (from: number, to: number) => boolean): Edges {
  const size = random.integer(1, 30);
  const density = random.between(0, 0.2);
  const numbers = Array.from({ length: size }, (_, n) => n);
  return new Map(
    numbers.map((from) => [
      `n${from}`,
      numbers.filter((to) => edgeAllowed(from, to) && random.chance(density)).map((to) => `n${to}`),
    ]),
  );
}

/** The cycles by definition: nodes that reach one another. */
function cyclesByDefinition(edges: Edges): string[][] {
  const reach = new Map([...edges.keys()].map((node) => [node, reachable(edges, [node])]));
  const cycles = new Map<string, string[]>();
  for (const node of edges.keys()) {
    if (!reach.get(node)!.has(node)) continue;
    const members = [...edges.keys()].filter(
      (other) => reach.get(node)!.has(other) && reach.get(other)!.has(node),
    );
    cycles.set(members.toSorted().join(), members);
  }
  return [...cycles.values()];
}

describe('waves', () => {
  test('a node that nothing stands on is of wave 0, another one after its last dependent', () => {
    const edges = graph({ base: ['mid', 'top'], mid: ['top'], top: [], alone: [] });
    expect(Object.fromEntries(waves(edges))).toEqual({ top: 0, alone: 0, mid: 1, base: 2 });
  });

  test('dependents outside the graph, and named twice, do not hold a node up', () => {
    const edges = graph({ base: ['top', 'top', 'elsewhere'], top: [] });
    expect(Object.fromEntries(waves(edges))).toEqual({ top: 0, base: 1 });
  });

  test('a cycle and what it stands on have no wave; the rest has', () => {
    const edges = graph({ a: ['b'], b: ['a'], under: ['a'], free: [] });
    expect([...waves(edges).keys()]).toEqual(['free']);
  });

  test(`every edge of a random acyclic graph is respected, and no wave is later than it must be (seed ${seed})`, () => {
    for (let round = 0; round < 200; round++) {
      const edges = randomGraph((from, to) => to < from);
      const wave = waves(edges);
      expect(wave.size).toBe(edges.size);
      for (const [node, dependents] of edges) {
        const latest = Math.max(-1, ...dependents.map((dependent) => wave.get(dependent)!));
        expect(wave.get(node)).toBe(latest + 1);
      }
    }
  });

  test('a chain of 2,000 has 2,000 waves', () => {
    const wave = waves(chain(2000));
    expect(wave.size).toBe(2000);
    expect(wave.get('n1999')).toBe(1999);
  });
});

describe('cycles', () => {
  test('an acyclic graph has none, diamonds included', () => {
    expect(findCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  });

  test('two circles that share a node are one cycle, two that only touch are two', () => {
    const shared = graph({ a: ['b'], b: ['a', 'c'], c: ['b'] });
    expect(sorted(findCycles(shared))).toEqual([['a', 'b', 'c']]);
    const touching = graph({ a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] });
    expect(sorted(findCycles(touching))).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  test('a node that depends on itself is a cycle of one', () => {
    expect(findCycles(graph({ a: ['a'], b: [] }))).toEqual([['a']]);
  });

  test('an edge out of the graph closes no circle', () => {
    expect(findCycles(graph({ a: ['elsewhere'], b: ['a'] }))).toEqual([]);
  });

  test(`every cycle of a random graph is found, and nothing else (seed ${seed})`, () => {
    let found = 0;
    for (let round = 0; round < 300; round++) {
      const edges = randomGraph(() => true);
      const cycles = findCycles(edges);
      expect(sorted(cycles)).toEqual(sorted(cyclesByDefinition(edges)));
      found += cycles.length;
    }
    expect(found).toBeGreaterThan(50);
  });

  test('a chain of 2,000 has none, and a ring of 2,000 is one', () => {
    const edges = chain(2000);
    expect(findCycles(edges)).toEqual([]);
    edges.set('n0', ['n1999']);
    expect(findCycles(edges).map((cycle) => cycle.length)).toEqual([2000]);
  });
});

describe('reachable', () => {
  test('all that the starts lead to, however far, and the starts only where a circle leads back', () => {
    const edges = graph({ a: ['b'], b: ['c'], c: ['b'], d: ['a'], e: [] });
    expect([...reachable(edges, ['a'])].toSorted()).toEqual(['b', 'c']);
    expect([...reachable(edges, ['d', 'e'])].toSorted()).toEqual(['a', 'b', 'c']);
    expect([...reachable(edges, ['b'])].toSorted()).toEqual(['b', 'c']);
  });

  test('from the end of a chain of 2,000, all others', () => {
    expect(reachable(chain(2000), ['n1999']).size).toBe(1999);
  });
});

test(`inverting a graph turns each of its edges round, once (seed ${seed})`, () => {
  const edgesOf = (edges: ReadonlyMap<string, readonly string[]>) =>
    [...edges].flatMap(([from, all]) => all.map((to) => `${from}>${to}`)).toSorted();
  for (let round = 0; round < 50; round++) {
    const edges = randomGraph(() => true);
    const turned = edgesOf(edges).map((edge) => edge.split('>').reverse().join('>'));
    const inverted = invert(edges);
    expect(edgesOf(inverted)).toEqual(turned.toSorted());
  }
  expect(Object.fromEntries(invert(graph({ a: ['b', 'b', 'elsewhere'], b: [] })))).toEqual({
    b: ['a'],
  });
});
