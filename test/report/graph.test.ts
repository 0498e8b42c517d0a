import { describe, expect, it } from 'vitest';
import type { ResultItem, RunResult } from '../../src/domain/cleanup/result.js';
import { reportModel } from '../../src/report/model.js';
import { LayoutBudget, layoutGraph } from '../../src/report/html/graph-layout.js';
import { targetGraph } from '../../src/report/html/graph-model.js';
import { nodeHeight, nodeWidth, type Placement } from '../../src/report/html/graph-placement.js';
import { layeredRun } from './graph-sample.js';
import { sampleRun } from './sample.js';

const noDagre = () => new LayoutBudget(0, 0);

function graphsOf(result: RunResult) {
  return reportModel(result).targets.map(targetGraph);
}

function item(name: string, dependents: string[], more: Partial<ResultItem> = {}): ResultItem {
  const plain = { policy: 'p', attempts: 1, passes: 1, outcome: 'deleted' as const };
  return { kind: 'stack', id: name, name, dependents, ...plain, ...more };
}

function runWith(items: ResultItem[]): RunResult {
  const base = layeredRun({ nodes: 1, layers: 1, edges: 0, seed: 1 });
  return { ...base, targets: base.targets.map((target) => ({ ...target, items })) };
}

function expectNoOverlap({ nodes, width, height }: Placement): void {
  for (const [i, a] of nodes.entries()) {
    expect(a.x).toBeGreaterThanOrEqual(0);
    expect(a.x + nodeWidth).toBeLessThanOrEqual(width + 0.001);
    expect(a.y + nodeHeight).toBeLessThanOrEqual(height + 0.001);
    for (const b of nodes.slice(i + 1)) {
      const apart = Math.abs(a.x - b.x) >= nodeWidth || Math.abs(a.y - b.y) >= nodeHeight;
      expect(apart, `${a.node.name} and ${b.node.name}`).toBe(true);
    }
  }
}

describe("a target's graph", () => {
  it('has a node per item and an edge per dependent', () => {
    const result = sampleRun();
    graphsOf(result).forEach((graph, index) => {
      const items = result.targets[index]?.items ?? [];
      const nodes = [...graph.loose, ...graph.components.flatMap((c) => c.nodes)];
      expect(nodes.filter((node) => node.item !== undefined)).toHaveLength(items.length);
      const dependents = items.flatMap((i) => i.dependents ?? []).length;
      expect(graph.edgeCount).toBeGreaterThanOrEqual(dependents);
    });
  });

  it('draws what blocks from outside as a node of its own, once', () => {
    const holder = { id: 'outside', name: 'edge-gateway' };
    const blocked = { outcome: 'blocked' as const, blockedBy: [holder] };
    const [graph] = graphsOf(runWith([item('a', [], blocked), item('b', [], blocked)]));
    expect(graph?.components).toHaveLength(1);
    const outside = graph?.components[0]?.nodes.filter((node) => node.outcome === 'outside');
    expect(outside).toEqual([{ id: 'outside', name: 'edge-gateway', outcome: 'outside' }]);
    expect(graph?.edgeCount).toBe(2);
  });

  it('leaves out dependents that the result does not list, and edges to oneself', () => {
    const [graph] = graphsOf(runWith([item('a', ['a', 'unknown'])]));
    expect(graph?.edgeCount).toBe(0);
    expect(graph?.loose).toHaveLength(1);
  });
});

describe('its layout', () => {
  it.each([
    ['dagre', () => new LayoutBudget()],
    ['columns', noDagre],
  ])('by %s lets no two nodes overlap, and puts what goes first on the left', (_, budget) => {
    for (const graph of graphsOf(sampleRun())) {
      const placement = layoutGraph(graph, budget());
      expectNoOverlap(placement);
      const corner = new Map(placement.nodes.map((placed) => [placed.node, placed]));
      expect(placement.edges).toHaveLength(graph.edgeCount);
      for (const { from, to } of placement.edges) {
        expect(corner.get(from)?.x).toBeLessThan(corner.get(to)?.x ?? 0);
      }
    }
  });

  it.each([
    ['dagre', () => new LayoutBudget()],
    ['columns', noDagre],
  ])('by %s takes a cycle', (_, budget) => {
    const cycle = [item('a', ['b']), item('b', ['c']), item('c', ['a']), item('d', ['c'])];
    const [graph] = graphsOf(runWith(cycle));
    const placement = layoutGraph(graph!, budget());
    expect(placement.nodes).toHaveLength(4);
    expectNoOverlap(placement);
  });

  it('takes ids that are the names of properties of every object', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const items = names.map((name, index) => item(name, names.slice(0, index)));
    const [graph] = graphsOf(runWith(items));
    const placement = layoutGraph(graph!, new LayoutBudget());
    expect(placement.nodes.map(({ node }) => node.name).sort()).toEqual([...names].sort());
    expect(placement.edges).toHaveLength(6);
  });

  it('leaves to columns what is beyond its budget', () => {
    const budget = new LayoutBudget(10, 15);
    const component = (size: number) => ({
      nodes: Array.from({ length: size }, (_, n) => ({
        id: `${n}`,
        name: '',
        outcome: 'deleted' as const,
      })),
      edges: [],
    });
    expect([11, 10, 6, 5].map((size) => budget.take(component(size)))).toEqual([
      false,
      true,
      false,
      true,
    ]);
  });
});
