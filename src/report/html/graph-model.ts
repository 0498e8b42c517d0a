import type { Outcome } from '../../domain/cleanup/result.js';
import type { ReportItem, ReportTarget } from '../model.js';

/** A node of a target's graph: one of its items, or something outside that blocks one. */
export interface GraphNode {
  id: string;
  name: string;
  outcome: Outcome | 'outside';
  /** The item's index in the run; absent for what is outside. */
  item?: number;
}

/** `from` must be gone before `to` can go: it imports from it. */
export interface GraphEdge {
  from: string;
  to: string;
}

export interface GraphComponent {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

export interface TargetGraph {
  /** Nodes that hang together, largest first. */
  components: GraphComponent[];
  /** Nodes that nothing depends on and that depend on nothing. */
  loose: GraphNode[];
  edgeCount: number;
}

/** What must go before what, in one target, as the result's `dependents` and `blockedBy` tell. */
export function targetGraph(target: ReportTarget): TargetGraph {
  const nodes = new Map<string, GraphNode>();
  for (const item of target.items) nodes.set(item.result.id, itemNode(item));
  const edges = new Map<string, GraphEdge>();
  const connect = (from: string, to: string): void => {
    if (from !== to) edges.set(`${from}\n${to}`, { from, to });
  };
  for (const { result } of target.items) {
    for (const blocker of result.blockedBy ?? []) {
      if (!nodes.has(blocker.id)) nodes.set(blocker.id, { ...blocker, outcome: 'outside' });
      connect(blocker.id, result.id);
    }
    for (const dependent of result.dependents ?? []) {
      if (nodes.has(dependent)) connect(dependent, result.id);
    }
  }
  return split(nodes, [...edges.values()]);
}

function itemNode({ result, index }: ReportItem): GraphNode {
  return { id: result.id, name: result.name, outcome: result.outcome, item: index };
}

function split(nodes: ReadonlyMap<string, GraphNode>, edges: readonly GraphEdge[]): TargetGraph {
  const root = componentRoots(nodes.keys(), edges);
  const groups = new Map<string, GraphComponent>();
  for (const node of nodes.values()) group(groups, root(node.id)).nodes.push(node);
  for (const edge of edges) group(groups, root(edge.from)).edges.push(edge);
  const all = [...groups.values()];
  return {
    components: all
      .filter((component) => component.nodes.length > 1)
      .sort((a, b) => b.nodes.length - a.nodes.length),
    loose: all.flatMap((component) => (component.nodes.length === 1 ? component.nodes : [])),
    edgeCount: edges.length,
  };
}

function group(groups: Map<string, GraphComponent>, key: string): GraphComponent {
  const found = groups.get(key) ?? { nodes: [], edges: [] };
  groups.set(key, found);
  return found;
}

/** Disjoint sets, with paths halved: gives each node the name of the component that it is in. */
function componentRoots(
  ids: Iterable<string>,
  edges: readonly GraphEdge[],
): (id: string) => string {
  const parents = new Map<string, string>();
  for (const id of ids) parents.set(id, id);
  const root = (id: string): string => {
    let current = id;
    for (;;) {
      const parent = parents.get(current) ?? current;
      if (parent === current) return current;
      const grandparent = parents.get(parent) ?? parent;
      parents.set(current, grandparent);
      current = grandparent;
    }
  };
  for (const { from, to } of edges) parents.set(root(from), root(to));
  return root;
}
