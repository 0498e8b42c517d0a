import { Graph, layout, type NodeLabel } from '@dagrejs/dagre';
import type { GraphComponent } from './graph-model.js';
import {
  columnGap,
  measured,
  nodeHeight,
  nodeWidth,
  rowGap,
  type Placement,
  type Point,
} from './graph-placement.js';

/** Places a component by Dagre, left to right. */
export function dagreLayout(component: GraphComponent): Placement {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: rowGap, edgesep: 6, ranksep: columnGap });
  // Dagre keeps its nodes in plain objects, so it gets names of ours rather than AWS's.
  const keys = new Map(component.nodes.map((node, index) => [node.id, `n${index}`]));
  const nodes = new Map(component.nodes.map((node) => [node.id, node]));
  for (const key of keys.values()) graph.setNode(key, { width: nodeWidth, height: nodeHeight });
  for (const { from, to } of component.edges) {
    graph.setEdge(keys.get(from) ?? '', keys.get(to) ?? '', {});
  }
  layout(graph);
  const placedNodes = component.nodes.map((node) => {
    const { x = 0, y = 0 } = graph.node(keys.get(node.id) ?? '');
    return { node, x: x - nodeWidth / 2, y: y - nodeHeight / 2 };
  });
  const placedEdges = component.edges.flatMap((edge) => {
    const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
    const [fromKey, toKey] = [keys.get(edge.from) ?? '', keys.get(edge.to) ?? ''];
    // Dagre ends an edge anywhere on a node's outline; level at its sides reads better.
    const between = (graph.edge(fromKey, toKey).points ?? []).slice(1, -1);
    const points = [side(graph.node(fromKey), 1), ...between, side(graph.node(toKey), -1)];
    return from && to ? [{ from, to, points }] : [];
  });
  return measured(placedNodes, placedEdges);
}

/** The middle of a node's right (1) or left (-1) side. */
function side({ x = 0, y = 0 }: NodeLabel, which: 1 | -1): Point {
  return { x: x + (which * nodeWidth) / 2, y };
}
