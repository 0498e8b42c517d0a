import { css } from './css.js';

/** Phones, paper, and readers who want less motion or more contrast. */
export const adaptiveStyles = css`
  @media (max-width: 1000px) {
    .tiles {
      grid-template-columns: repeat(3, 1fr);
    }
    .lane-grid {
      grid-template-columns: 190px minmax(0, 1fr) 60px;
    }
  }
  @media (max-width: 700px) {
    body {
      font-size: 15px;
    }
    .wrap {
      padding: 0 16px;
    }
    .sections {
      margin-inline: -16px;
      padding-inline: 16px;
    }
    h1 {
      font-size: 23px;
    }
    .headline {
      font-size: 16px;
    }
    .hero {
      padding: 24px 0 20px;
    }
    .facts {
      gap: 10px 24px;
    }
    .tiles {
      grid-template-columns: repeat(2, 1fr);
      gap: 8px;
    }
    .tile {
      padding: 12px 14px;
    }
    .tile-count {
      font-size: 26px;
    }
    .grid,
    .grid tbody {
      display: block;
    }
    .grid thead {
      display: none;
    }
    .grid tr {
      display: block;
      padding: 12px 16px;
      border-top: 1px solid var(--border);
    }
    .grid tbody tr:first-child {
      border-top: 0;
    }
    .grid .note {
      border-top: 0;
      padding-top: 0;
    }
    .grid tbody th,
    .grid tbody td,
    .grid.compact td {
      display: block;
      max-width: none;
      min-width: 0;
      padding: 2px 0;
      border: 0;
    }
    .grid tbody td[data-label] {
      display: grid;
      grid-template-columns: 110px minmax(0, 1fr);
      gap: 0 10px;
      text-align: left;
    }
    .grid td[data-label]::before {
      content: attr(data-label);
      color: var(--muted);
      font-family: var(--sans);
      font-size: 13px;
      font-weight: 400;
    }
    .grid td[data-label] > * {
      grid-column: 2;
    }
    .grid td[data-label] > .badge {
      justify-self: start;
    }
    .grid td.zero,
    .grid td:empty {
      display: none !important;
    }
    .scroll.tall {
      max-height: none;
    }
    .grid.items tbody tr,
    .grid.targets tr {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 18px;
    }
    .grid.targets th,
    .grid.targets .note td,
    .grid.targets .share-cell {
      flex: 1 0 100%;
    }
    .grid.targets th {
      flex: 1 1 150px;
    }
    .grid.items td[data-label],
    .grid.targets td[data-label] {
      display: flex;
      gap: 6px;
    }
    .grid td[data-label='Target'],
    .targets .item-name {
      white-space: normal;
    }
    .grid.targets :is(th, td):is(:first-child, :last-child, *) {
      padding-inline: 0;
    }
    .grid.targets [data-label='Status']::before,
    .grid.targets .share-cell::before {
      display: none;
    }
    .grid.items td[data-label='Name'] {
      flex: 1 1 180px;
      flex-direction: column;
      order: -1;
    }
    .grid.items td[data-label='Target'],
    .grid.items td[data-label='Policy'] {
      flex: 1 0 100%;
    }
    .grid.items [data-label='Name']::before,
    .grid.items [data-label='Outcome']::before {
      display: none;
    }
    .grid.targets .share {
      flex: 1;
    }
    .lane-grid {
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 0 10px;
      padding: 0 14px;
    }
    .lane-grid .track {
      grid-column: 1 / -1;
      grid-row: 2;
      min-height: 26px;
    }
    .axis.lane-grid {
      height: auto;
    }
    .axis.lane-grid .track {
      min-height: 30px;
    }
    .axis i:nth-child(even) {
      display: none;
    }
    .lane > summary {
      padding-block: 8px;
    }
    .bars .lane-grid {
      height: 44px;
    }
    .bars .name {
      padding-left: 0;
    }
    .bar {
      top: 3px;
      height: 16px;
    }
    .strip {
      bottom: 0;
      height: 24px;
    }
    .graph-body {
      padding: 0 10px 12px;
    }
    .zoom {
      justify-content: flex-start;
    }
    .search {
      flex-basis: 100%;
    }
    .select {
      flex: 1 1 100%;
    }
    .select select {
      max-width: none;
    }
    #details-body dl {
      grid-template-columns: 1fr;
      gap: 2px;
    }
    #details-body dd {
      margin-bottom: 8px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .bar,
    .swatch,
    .share i {
      forced-color-adjust: none;
    }
  }
  @page {
    margin: 12mm;
  }
  @media print {
    body {
      background: #fff;
      font-size: 11px;
    }
    .top .button,
    .sections,
    .skip-link,
    .filters,
    .toolbar .button,
    .pager,
    .more,
    #tooltip {
      display: none !important;
    }
    .wrap {
      max-width: none;
      padding: 0;
    }
    section {
      margin-top: 24px;
    }
    .scroll,
    .tall,
    .viewport {
      overflow: visible;
      max-height: none;
    }
    .deps {
      max-width: 100%;
      height: auto;
    }
    .card,
    .grid tr,
    .tile,
    .bars li {
      break-inside: avoid;
    }
    .grid thead th {
      position: static;
    }
    .grid :is(th, td),
    .items td[data-label='Name'] {
      min-width: 0 !important;
      padding: 4px 6px !important;
    }
    .grid,
    .grid.compact,
    .grid .badge,
    .grid .sub,
    .grid .mono {
      font-size: 10px;
    }
    .grid td,
    .items td[data-label='Target'] {
      white-space: normal;
    }
    .grid .num,
    .grid thead th {
      font-size: 10px;
      white-space: nowrap;
    }
    .items thead button {
      padding: 0;
    }
    .targets .item-name,
    .targets .sub {
      white-space: nowrap;
    }
    .targets .share-cell,
    .targets th:nth-child(3) {
      display: none;
    }
    .lane-name .name {
      font-size: 11px;
    }
    .bar,
    .badge,
    .share i,
    .swatch,
    .node rect {
      print-color-adjust: exact;
      -webkit-print-color-adjust: exact;
    }
  }
`;
