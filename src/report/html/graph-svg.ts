import { shorten } from '../format.js';
import type { GraphNode } from './graph-model.js';
import {
  nodeHeight,
  nodeWidth,
  type PlacedEdge,
  type PlacedNode,
  type Placement,
  type Point,
} from './graph-placement.js';
import { escapeHtml, trusted, type Markup } from './markup.js';
import { round } from './view.js';

const margin = 12;
/** What fits a node of 190 at 12 px. */
const nameLength = 21;

/** The drawing. Built as text, because a fleet has tens of thousands of nodes. */
export function graphSvg({ nodes, edges, width, height }: Placement): Markup {
  const w = Math.ceil(width + 2 * margin);
  const h = Math.ceil(height + 2 * margin);
  const keys = new Map(nodes.map(({ node }, index) => [node, index]));
  const paths = edges.map((edge) => edgePath(edge, keys)).join('');
  const boxes = nodes.map((placed) => nodeBox(placed, keys)).join('');
  return trusted(
    `<svg class="deps" width="${w}" height="${h}" viewBox="${-margin} ${-margin} ${w} ${h}" data-width="${w}" role="group" aria-label="Dependency graph"><g class="edges">${paths}</g>${boxes}</svg>`,
  );
}

function edgePath(edge: PlacedEdge, keys: ReadonlyMap<GraphNode, number>): string {
  const held = edge.from.outcome === 'deleted' ? '' : ' held';
  const from = keys.get(edge.from) ?? 0;
  const to = keys.get(edge.to) ?? 0;
  return `<path class="edge${held}" data-from="${from}" data-to="${to}" d="${curve(edge.points)}" marker-end="url(#arrow${held === '' ? '' : '-held'})"/>`;
}

/** A smooth line through the points, leaving and arriving level as the nodes stand side by side. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${at(first)}`;
  let previous = first;
  for (const point of rest) {
    const middle = (previous.x + point.x) / 2;
    path += `C${at({ x: middle, y: previous.y })} ${at({ x: middle, y: point.y })} ${at(point)}`;
    previous = point;
  }
  return path;
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}

function nodeBox({ node, x, y }: PlacedNode, keys: ReadonlyMap<GraphNode, number>): string {
  const name = escapeHtml(node.name);
  const state = node.outcome === 'outside' ? 'outside the selection' : node.outcome;
  const item =
    node.item === undefined
      ? ` data-name="${name}" role="img"`
      : ` data-item="${node.item}" role="button"`;
  const symbol = node.outcome;
  return `<g class="node ${node.outcome}" transform="translate(${round(x)},${round(y)})" data-node="${keys.get(node) ?? 0}"${item} tabindex="0" aria-label="${name}, ${state}"><rect width="${nodeWidth}" height="${nodeHeight}" rx="6"/><use href="#i-${symbol}" x="9" y="8" width="14" height="14"/><text x="30" y="19.5">${escapeHtml(shorten(node.name, nameLength))}</text></g>`;
}
