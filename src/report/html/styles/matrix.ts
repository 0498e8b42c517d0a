import { css } from './css.js';

/** A line's images: OSes across, versions down. */
export const matrixStyles = css`
  .tiles.four {
    grid-template-columns: repeat(4, 1fr);
  }
  .tile.building:not(.none) .tile-label,
  .badge.building {
    color: var(--accent);
  }
  .badge.building {
    background: color-mix(in srgb, var(--accent) 14%, var(--surface));
  }
  .matrix th[scope='row'],
  .matrix td {
    min-width: 0;
    white-space: nowrap;
  }
  .matrix tbody th {
    position: sticky;
    left: 0;
    background: var(--surface);
    font-weight: 600;
  }
  .matrix thead th:first-child {
    left: 0;
    z-index: 2;
  }
  .matrix thead .sub {
    font-size: 12px;
    font-weight: 400;
  }
  .matrix .none {
    color: var(--muted);
  }
  .matrix a.badge {
    text-decoration: none;
  }
  .matrix a.badge:hover {
    text-decoration: underline;
  }
  /* One click takes the whole of it. */
  .image-id {
    user-select: all;
  }
  .command {
    display: block;
    margin-top: 6px;
    overflow-wrap: anywhere;
    user-select: all;
  }
  .swatch {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 50%;
  }
  .is-built {
    position: relative;
    display: inline-flex;
    align-items: center;
    gap: 7px;
  }
  .problems td[data-label='Why'] {
    min-width: 300px;
  }
  .problems td[data-label='Log'] a {
    white-space: nowrap;
  }
  .problems td[data-label='Log'] .icon {
    width: 12px;
    height: 12px;
    margin-left: 4px;
    vertical-align: -1px;
  }
  tr:target {
    background: var(--blocked-tint);
  }
`;

/** On a phone a version is a card with its images below each other. */
export const narrowMatrixStyles = css`
  @media (max-width: 1000px) {
    .tiles.four {
      grid-template-columns: repeat(2, 1fr);
    }
  }
  @media (max-width: 700px) {
    .grid.matrix tbody th {
      position: static;
      padding-bottom: 4px;
    }
    .grid.matrix tbody td[data-label] {
      grid-template-columns: minmax(90px, 36%) minmax(0, 1fr);
    }
    .grid.matrix td[data-label]::before {
      white-space: normal;
    }
    .grid.matrix td.none {
      display: none;
    }
    .grid.problems td[data-label='Why'] {
      grid-template-columns: minmax(0, 1fr);
    }
    .grid.problems td[data-label='Why'] > * {
      grid-column: 1;
    }
    .grid.problems [data-label='Why']::before {
      display: none;
    }
  }
`;
