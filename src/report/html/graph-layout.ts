import { dagreLayout } from './dagre-layout.js';
import type { GraphComponent, GraphNode, TargetGraph } from './graph-model.js';
import { measured, nodeHeight, nodeWidth, rowGap, type Placement } from './graph-placement.js';
import { layeredLayout } from './layered-layout.js';

/**
 * Dagre draws the better picture, and takes time that grows faster than the graph (about 1 s for 500
 * nodes and 750 edges). It gets what fits the budget, counted in nodes and edges; what is larger, or
 * comes after the budget is spent, is drawn in plain columns, which is linear.
 */
export class LayoutBudget {
  constructor(
    private readonly perComponent = 400,
    private left = 3000,
  ) {}

  take({ nodes, edges }: GraphComponent): boolean {
    const cost = nodes.length + edges.length;
    if (cost > this.perComponent || cost > this.left) return false;
    this.left -= cost;
    return true;
  }
}

/** Places all of a target's graph: its components on shelves, what is loose in a grid below. */
export function layoutGraph(graph: TargetGraph, budget: LayoutBudget): Placement {
  const parts = graph.components.map((component) =>
    budget.take(component) ? dagreLayout(component) : layeredLayout(component),
  );
  if (graph.loose.length > 0) parts.push(gridLayout(graph.loose));
  return shelve(parts);
}

/** What stands alone, in rows of five. */
function gridLayout(nodes: readonly GraphNode[]): Placement {
  const perRow = 5;
  const placed = nodes.map((node, index) => ({
    node,
    x: (index % perRow) * (nodeWidth + rowGap),
    y: Math.floor(index / perRow) * (nodeHeight + rowGap),
  }));
  return measured(placed, []);
}

const shelfWidth = 5 * (nodeWidth + rowGap);
const shelfGap = 28;

/** Sets the parts side by side while they fit the shelf's width, then starts the next shelf below. */
function shelve(parts: readonly Placement[]): Placement {
  const all: Placement = { nodes: [], edges: [], width: 0, height: 0 };
  let x = 0;
  let y = 0;
  let shelfHeight = 0;
  for (const part of parts) {
    if (x > 0 && x + part.width > shelfWidth) {
      y += shelfHeight + shelfGap;
      x = 0;
      shelfHeight = 0;
    }
    const [dx, dy] = [x, y];
    const move = (point: { x: number; y: number }) => ({ x: point.x + dx, y: point.y + dy });
    for (const { node, ...at } of part.nodes) all.nodes.push({ node, ...move(at) });
    for (const edge of part.edges) all.edges.push({ ...edge, points: edge.points.map(move) });
    x += part.width + shelfGap;
    shelfHeight = Math.max(shelfHeight, part.height);
    all.width = Math.max(all.width, dx + part.width);
    all.height = Math.max(all.height, dy + part.height);
  }
  return all;
}
