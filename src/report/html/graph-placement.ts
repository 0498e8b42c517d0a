import type { GraphNode } from './graph-model.js';

/** Sizes in SVG units, which are CSS pixels at a zoom of 1. */
export const nodeWidth = 190;
export const nodeHeight = 30;
export const columnGap = 44;
export const rowGap = 10;

export interface Point {
  x: number;
  y: number;
}

export interface PlacedNode extends Point {
  node: GraphNode;
}

export interface PlacedEdge {
  from: GraphNode;
  to: GraphNode;
  points: Point[];
}

/** Nodes by their upper left corners, edges by the points that they pass, from 0,0 to width,height. */
export interface Placement {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

/** A placement as large as what is in it. */
export function measured(nodes: PlacedNode[], edges: PlacedEdge[]): Placement {
  let width = 0;
  let height = 0;
  for (const { x, y } of nodes) {
    width = Math.max(width, x + nodeWidth);
    height = Math.max(height, y + nodeHeight);
  }
  for (const { x, y } of edges.flatMap((edge) => edge.points)) {
    width = Math.max(width, x);
    height = Math.max(height, y);
  }
  return { nodes, edges, width, height };
}
