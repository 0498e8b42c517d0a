import type { GraphComponent, GraphNode } from './graph-model.js';
import {
  columnGap,
  measured,
  nodeHeight,
  nodeWidth,
  rowGap,
  type Placement,
  type Point,
} from './graph-placement.js';

interface Links {
  /** What must go before a node, by id. */
  before: Map<string, string[]>;
  after: Map<string, string[]>;
}

/**
 * Places a component in columns, in time linear in its nodes and edges: a node stands one column to
 * the right of the last that must go before it, and in its column near the middle of its neighbours.
 */
export function layeredLayout({ nodes, edges }: GraphComponent): Placement {
  const links: Links = { before: new Map(), after: new Map() };
  for (const { from, to } of edges) {
    push(links.before, to, from);
    push(links.after, from, to);
  }
  const columns = order(columnsOf(nodes, links), links);
  const tallest = Math.max(...columns.map((column) => column.length));
  const corners = new Map<string, Point>();
  columns.forEach((column, index) => {
    const top = ((tallest - column.length) * (nodeHeight + rowGap)) / 2;
    column.forEach(({ id }, row) => {
      const x = index * (nodeWidth + columnGap * 2);
      corners.set(id, { x, y: top + row * (nodeHeight + rowGap) });
    });
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const placed = nodes.map((node) => ({ node, ...(corners.get(node.id) ?? { x: 0, y: 0 }) }));
  const drawn = edges.flatMap((edge) => {
    const [from, to] = [byId.get(edge.from), byId.get(edge.to)];
    const [a, b] = [corners.get(edge.from), corners.get(edge.to)];
    if (!from || !to || !a || !b) return [];
    const start = { x: a.x + nodeWidth, y: a.y + nodeHeight / 2 };
    return [{ from, to, points: [start, { x: b.x, y: b.y + nodeHeight / 2 }] }];
  });
  return measured(placed, drawn);
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** Kahn's algorithm, by columns. A cycle never becomes ready: its nodes share the column after the last. */
function columnsOf(nodes: readonly GraphNode[], { before, after }: Links): GraphNode[][] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const waiting = new Map(nodes.map(({ id }) => [id, before.get(id)?.length ?? 0]));
  const columns: GraphNode[][] = [];
  let ready = nodes.filter(({ id }) => waiting.get(id) === 0);
  while (ready.length > 0) {
    columns.push(ready);
    const next: GraphNode[] = [];
    for (const { id } of ready) {
      waiting.delete(id);
      for (const follower of after.get(id) ?? []) {
        const left = (waiting.get(follower) ?? 1) - 1;
        waiting.set(follower, left);
        const node = byId.get(follower);
        if (left === 0 && node) next.push(node);
      }
    }
    ready = next;
  }
  const cyclic = nodes.filter(({ id }) => waiting.has(id));
  return cyclic.length > 0 ? [...columns, cyclic] : columns;
}

/** One sweep from the left: each node goes near the mean row of those before it. */
function order(columns: readonly GraphNode[][], { before }: Links): GraphNode[][] {
  const rows = new Map<string, number>();
  return columns.map((column) => {
    const weighted = column.map((node, row) => {
      const known = (before.get(node.id) ?? []).flatMap((id) => rows.get(id) ?? []);
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
      return { node, row: known.length > 0 ? mean : row / column.length };
    });
    const sorted = weighted.sort((a, b) => a.row - b.row).map(({ node }) => node);
    // As a share of the column, so that rows of long and short columns compare.
    sorted.forEach((node, row) => rows.set(node.id, row / sorted.length));
    return sorted;
  });
}
