import { css } from './css.js';

/** The dependency graphs. */
export const graphStyles = css`
  .graph + .graph {
    border-top: 1px solid var(--border);
  }
  .graph > summary {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    min-height: 42px;
    padding: 6px 18px;
  }
  .graph > summary .name {
    font-size: 14px;
    font-weight: 600;
  }
  .graph-body {
    padding: 0 18px 18px;
  }
  .zoom {
    gap: 6px;
    justify-content: flex-end;
    margin: 2px 0 8px;
  }
  .zoom > .button:last-child {
    margin-left: 0;
  }
  .zoom .button {
    min-width: 32px;
    justify-content: center;
    font-size: 13px;
  }
  .viewport {
    max-height: min(70vh, 640px);
    overflow: auto;
    border: 1px solid var(--border);
    border-radius: 8px;
    background: var(--page);
    cursor: grab;
  }
  .viewport.dragging {
    cursor: grabbing;
    user-select: none;
  }
  .deps {
    display: block;
  }
  .edge {
    fill: none;
    stroke: var(--muted);
    stroke-width: 1.25;
    opacity: 0.55;
  }
  .edge.held {
    stroke: var(--blocked);
    stroke-dasharray: 5 3;
    opacity: 0.9;
  }
  #arrow path {
    fill: var(--muted);
  }
  #arrow-held path {
    fill: var(--blocked);
  }
  .node rect {
    fill: var(--surface);
    stroke: currentColor;
    stroke-width: 1.25;
  }
  .node text {
    fill: var(--text);
    font: 12px var(--mono);
  }
  .node[data-item] {
    cursor: pointer;
  }
  .node:focus {
    outline: none;
  }
  .node:hover rect,
  .node:focus-visible rect {
    stroke: var(--accent);
    stroke-width: 2.5;
  }
  .node.deleted {
    color: var(--deleted);
  }
  .node.deleted rect {
    fill: var(--deleted-tint);
  }
  .node.skipped {
    color: var(--skipped);
  }
  .node.skipped rect {
    fill: var(--skipped-tint);
    stroke-dasharray: 2 3;
  }
  .node.blocked {
    color: var(--blocked);
  }
  .node.blocked rect {
    fill: var(--blocked-tint);
    stroke-dasharray: 7 3;
  }
  .node.failed {
    color: var(--failed);
  }
  .node.failed rect {
    fill: var(--failed-tint);
    stroke-width: 2.25;
  }
  .node.outside {
    color: var(--muted);
  }
  .node.outside rect {
    stroke-dasharray: 1.5 3;
  }
  .deps.tracing .edge:not(.near),
  .deps.tracing .node:not(.near) {
    opacity: 0.22;
  }
  .edge.near {
    stroke: var(--accent);
    stroke-width: 2;
    opacity: 1;
  }
`;
