import { css } from './css.js';

/** Tables, failure cards, the ledger. */
export const tableStyles = css`
  .grid {
    width: 100%;
    border-collapse: collapse;
    font-size: 14px;
  }
  .grid th,
  .grid td {
    padding: 9px 14px;
    border-top: 1px solid var(--border);
    text-align: left;
    vertical-align: top;
    min-width: 64px;
  }
  .grid thead th {
    position: sticky;
    top: 0;
    z-index: 1;
    border-top: 0;
    background: var(--raised);
    color: var(--muted);
    font-size: 13px;
    font-weight: 600;
    white-space: nowrap;
  }
  .grid tbody th {
    font-weight: inherit;
  }
  .grid .num {
    text-align: right;
    white-space: nowrap;
  }
  .grid.targets th,
  .grid.targets td {
    padding-inline: 10px;
    min-width: 0;
  }
  .grid.targets :is(th, td):first-child {
    padding-left: 18px;
  }
  .grid.targets :is(th, td):last-child {
    padding-right: 18px;
  }
  .grid .zero {
    color: var(--muted);
  }
  .grid tbody tr:hover:not(.note) {
    background: color-mix(in srgb, var(--raised) 50%, transparent);
  }
  .grid.compact {
    font-size: 13px;
  }
  .grid.compact th,
  .grid.compact td {
    padding: 6px 12px;
  }
  .grid .share {
    margin-top: 7px;
  }
  .grid td[data-label='Target'],
  .targets .item-name {
    white-space: nowrap;
  }
  .grid td[data-label='Type'],
  .grid td[data-label='Policy'] {
    min-width: 195px;
  }

  .grid td[data-label='Reason'],
  .grid td[data-label='Physical id'] {
    min-width: 210px;
  }
  .grid td[data-label='Logical id'],
  .grid td[data-label='Stack'],
  .grid td[data-label='Resource'],
  .grid tbody th {
    min-width: 150px;
  }
  .nowrap {
    white-space: nowrap;
  }
  .targets .blocked-text,
  .targets .failed-text {
    font-weight: 650;
  }
  .targets .has-note th,
  .targets .has-note td {
    border-bottom: 0;
  }
  .grid .note td {
    padding-top: 0;
    border-top: 0;
    color: var(--failed);
  }
  .hint {
    display: flex;
    gap: 7px;
    margin-top: 4px;
    color: var(--muted);
  }
  .hint .icon,
  .advice .icon {
    margin-top: 3px;
  }
  .chips,
  .meta,
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 10px;
  }
  .chips {
    margin-bottom: 14px;
  }
  .chip {
    padding: 2px 11px;
    border: 1px solid var(--border);
    border-radius: 999px;
    background: var(--surface);
    font-size: 13px;
  }
  .card {
    padding: 18px 20px;
    background: var(--surface);
    border: 1px solid var(--border);
    border-left: 4px solid var(--failed);
    border-radius: 12px;
  }
  .card + .card,
  .chunks > .card {
    margin-top: 12px;
  }
  .card-head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 6px 12px;
  }
  .card-head .item-name {
    font-size: 14px;
  }
  .card .reason {
    margin-top: 10px;
  }
  .advice {
    display: flex;
    gap: 9px;
    margin-top: 10px;
    padding: 9px 13px;
    border-radius: 8px;
    background: var(--raised);
    font-size: 14px;
  }
  .advice .icon {
    color: var(--accent);
  }
  .meta {
    gap: 2px 18px;
    margin-top: 12px;
    color: var(--muted);
    font-size: 13px;
  }
  .meta .icon {
    width: 12px;
    height: 12px;
    margin-left: 4px;
    vertical-align: -1px;
  }
  summary {
    cursor: pointer;
    list-style: none;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary > .icon:first-child,
  .lane-name > .icon:first-child {
    transition: transform 0.12s;
    color: var(--muted);
  }
  details[open] > summary > .icon:first-child,
  details[open] > summary .lane-name > .icon:first-child {
    transform: rotate(90deg);
  }
  .events {
    margin-top: 12px;
  }
  .events > summary {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    font-size: 14px;
    font-weight: 500;
  }
  .events > .scroll {
    margin-top: 8px;
    border: 1px solid var(--border);
    border-radius: 8px;
  }
  .more {
    margin-top: 12px;
  }
`;
