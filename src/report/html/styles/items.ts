import { css } from './css.js';

/** The table of all items, the details of one, the tooltip. */
export const itemStyles = css`
  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    align-items: center;
  }
  .search {
    position: relative;
    flex: 1 1 240px;
  }
  .search .icon {
    position: absolute;
    left: 11px;
    top: 11px;
    color: var(--muted);
  }
  .search input,
  .select select {
    width: 100%;
    height: 38px;
    padding: 0 10px;
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: 8px;
  }
  .search input {
    padding-left: 35px;
  }
  .search input::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  .select select {
    max-width: 230px;
  }
  .segments {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 2px;
    padding: 3px;
    background: var(--raised);
    border-radius: 9px;
  }
  .segments button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-height: 32px;
    padding: 0 10px;
    background: none;
    border: 1px solid transparent;
    border-radius: 7px;
    color: var(--muted);
    font-size: 14px;
  }
  .segments button[aria-pressed='true'] {
    background: var(--surface);
    border-color: var(--border);
    color: var(--text);
    font-weight: 600;
  }
  .found {
    margin: 10px 0;
    color: var(--muted);
    font-size: 14px;
  }
  .items thead th {
    padding: 0;
  }
  .items thead button {
    width: 100%;
    padding: 9px 14px;
    background: none;
    border: 0;
    font-weight: 600;
    text-align: inherit;
    white-space: nowrap;
  }
  .items thead button:focus-visible {
    outline-offset: -2px;
  }
  .items thead button:hover,
  .items th[aria-sort] button {
    color: var(--text);
  }
  .arrow::after {
    content: ' ↕';
    opacity: 0.4;
  }
  [aria-sort='ascending'] .arrow::after {
    content: ' ↑';
    opacity: 1;
  }
  [aria-sort='descending'] .arrow::after {
    content: ' ↓';
    opacity: 1;
  }
  .items td {
    max-width: 360px;
  }
  .items td[data-label='Name'] {
    min-width: 250px;
  }
  .items .sub {
    margin-top: 2px;
  }
  .pager {
    margin: 12px 0 0;
    justify-content: flex-end;
    color: var(--muted);
    font-size: 14px;
  }
  .pager > .button:last-child {
    margin-left: 0;
  }
  mark {
    background: color-mix(in srgb, var(--accent) 28%, transparent);
    color: inherit;
    border-radius: 2px;
  }
  dialog {
    width: min(680px, calc(100vw - 24px));
    max-height: min(84vh, 800px);
    padding: 0;
    overflow: auto;
    background: var(--surface);
    color: var(--text);
    border: 1px solid var(--border);
    border-radius: 14px;
    box-shadow: 0 24px 64px rgb(0 0 0 / 28%);
  }
  dialog::backdrop {
    background: rgb(8 10 16 / 55%);
  }
  .dialog-head {
    position: sticky;
    top: 0;
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 12px;
    padding: 16px 14px 12px 24px;
    background: var(--surface);
    border-bottom: 1px solid var(--border);
  }
  .dialog-head h2 {
    font-size: 17px;
    unicode-bidi: isolate;
  }
  #details-body {
    padding: 16px 24px 24px;
  }
  #details-body dl {
    display: grid;
    grid-template-columns: 130px 1fr;
    gap: 8px 14px;
    font-size: 14px;
  }
  #details-body dt {
    color: var(--muted);
  }
  .links {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 24px;
    margin-top: 18px;
    font-size: 14px;
  }
  .links:empty {
    display: none;
  }
  #tooltip {
    position: fixed;
    z-index: 20;
    max-width: min(380px, calc(100vw - 16px));
    padding: 7px 11px;
    background: var(--text);
    color: var(--surface);
    border-radius: 8px;
    font-size: 13px;
    line-height: 1.45;
    pointer-events: none;
    white-space: pre-line;
    box-shadow: 0 6px 20px rgb(0 0 0 / 25%);
  }
`;
