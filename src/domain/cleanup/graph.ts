/**
 * The algebra of "must go first". A graph maps each node to its dependents: the nodes that stand on
 * it and must be gone before it can go. Edges to nodes outside the map are ignored.
 */
export type Graph = ReadonlyMap<string, readonly string[]>;

interface Frame {
  node: string;
  edges: readonly string[];
  next: number;
}

/**
 * Strongly connected components with more than one node, or with an edge to themselves: the cycles.
 * Tarjan's algorithm, iterative because a chain of 2,000 stacks would overflow the call stack.
 */
export function findCycles(graph: Graph): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const cycles: string[][] = [];

  const enter = (node: string): Frame => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    path.push(node);
    onPath.add(node);
    return { node, edges: neighbours(graph, node), next: 0 };
  };
  const lower = (node: string, value: number) => low.set(node, Math.min(at(low, node), value));

  for (const root of graph.keys()) {
    if (order.has(root)) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const next = frame.edges[frame.next];
      frame.next += 1;
      if (next !== undefined) {
        if (!order.has(next)) frames.push(enter(next));
        else if (onPath.has(next)) lower(frame.node, at(order, next));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent) lower(parent.node, at(low, frame.node));
      if (at(low, frame.node) !== at(order, frame.node)) continue;
      const component = path.splice(path.lastIndexOf(frame.node));
      for (const node of component) onPath.delete(node);
      if (component.length > 1 || frame.edges.includes(frame.node)) cycles.push(component);
    }
  }
  return cycles;
}

/**
 * The wave of each node of an acyclic graph: 0 for one that nothing stands on, else one more than
 * the latest of its dependents. All nodes of a wave could go at the same time.
 */
export function waves(graph: Graph): Map<string, number> {
  const waiting = new Map<string, number>();
  const supports = invert(graph);
  for (const node of graph.keys()) waiting.set(node, neighbours(graph, node).length);

  const wave = new Map<string, number>();
  let current = [...graph.keys()].filter((node) => waiting.get(node) === 0);
  for (let number = 0; current.length > 0; number += 1) {
    const following: string[] = [];
    for (const node of current) {
      wave.set(node, number);
      for (const support of supports.get(node) ?? []) {
        const left = at(waiting, support) - 1;
        waiting.set(support, left);
        if (left === 0) following.push(support);
      }
    }
    current = following;
  }
  return wave;
}

/** All that `starts` reach by following `edges`, themselves left out. */
export function reachable(edges: Graph, starts: Iterable<string>): Set<string> {
  const seen = new Set<string>();
  const work = [...starts];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    for (const next of edges.get(node) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      work.push(next);
    }
  }
  return seen;
}

/** The same edges the other way round: from a dependent to what it stands on. */
export function invert(graph: Graph): Map<string, string[]> {
  const inverted = new Map<string, string[]>();
  for (const node of graph.keys()) {
    for (const dependent of neighbours(graph, node)) {
      const supports = inverted.get(dependent);
      if (supports) supports.push(node);
      else inverted.set(dependent, [node]);
    }
  }
  return inverted;
}

function neighbours(graph: Graph, node: string): readonly string[] {
  return [...new Set(graph.get(node))].filter((other) => graph.has(other));
}

function at(map: ReadonlyMap<string, number>, key: string): number {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the graph has no node ${key}`);
  return value;
}
