import { css } from './css.js';

/** The Gantt chart. Every row has the same three columns, so all bars share one scale. */
export const timelineStyles = css`
  .legend {
    gap: 4px 18px;
    font-size: 13px;
    color: var(--muted);
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .legend span {
    color: var(--muted);
  }
  #graph .legend {
    margin-bottom: 12px;
  }
  .swatch {
    width: 18px;
    height: 10px;
    border-radius: 3px;
  }
  .gantt {
    padding-bottom: 6px;
    overflow-x: hidden;
  }
  .lane-grid {
    display: grid;
    grid-template-columns: 290px minmax(0, 1fr) 68px;
    gap: 14px;
    align-items: center;
    padding: 0 18px;
  }
  .axis {
    position: sticky;
    top: 0;
    z-index: 2;
    height: 36px;
    background: var(--surface);
    border-radius: 12px 12px 0 0;
    font-size: 12px;
    color: var(--muted);
  }
  .axis .sub {
    font-size: 12px;
  }
  .axis .track {
    background: none;
  }
  .axis i {
    position: absolute;
    top: 9px;
    padding-left: 4px;
    font-style: normal;
    white-space: nowrap;
  }
  .axis i.last {
    transform: translateX(-100%);
    padding: 0 4px 0 0;
  }
  .track {
    position: relative;
    align-self: stretch;
    background: repeating-linear-gradient(
      90deg,
      var(--border) 0 1px,
      transparent 1px var(--tick, 100%)
    );
  }
  .lane {
    border-top: 1px solid var(--border);
  }
  .lane > summary {
    min-height: 42px;
  }
  .lane > summary:hover,
  .graph > summary:hover {
    background: color-mix(in srgb, var(--raised) 55%, transparent);
  }
  .lane-name {
    display: flex;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  .lane-name .name {
    overflow: hidden;
    font-size: 14px;
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .took {
    color: var(--muted);
    font-size: 13px;
    text-align: right;
    white-space: nowrap;
  }
  .strip {
    position: absolute;
    bottom: 6px;
    width: 100%;
    height: 28px;
  }
  .strip .deleted {
    fill: color-mix(in srgb, var(--deleted) 60%, var(--surface));
  }
  .strip .failed {
    fill: var(--failed);
  }
  .bars {
    padding: 2px 0 10px;
  }
  .bars .lane-grid {
    height: 24px;
  }
  .bars .name {
    padding-left: 24px;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 13px;
    color: var(--muted);
  }
  .bars li:hover .name {
    color: var(--text);
  }
  .bars .took {
    font-size: 12px;
  }
  .bar {
    position: absolute;
    top: 5px;
    height: 14px;
    min-width: 3px;
    padding: 0;
    border: 0;
    border-radius: 3px;
  }
  .bar.deleted {
    background: var(--deleted);
  }
  .bar.skipped,
  .swatch.skipped {
    background: repeating-linear-gradient(90deg, var(--skipped) 0 3px, transparent 3px 6px);
  }
  .bar.blocked,
  .swatch.blocked {
    background: repeating-linear-gradient(
      135deg,
      var(--blocked) 0 4px,
      var(--blocked-tint) 4px 8px
    );
    box-shadow: inset 0 0 0 1px var(--blocked);
  }
  .bar.failed,
  .swatch.failed {
    background: repeating-linear-gradient(45deg, var(--failed) 0 5px, var(--failed-tint) 5px 7px);
    box-shadow: inset 0 0 0 1.5px var(--failed);
  }
  .bar.open,
  .swatch.open {
    border: 1.5px dashed var(--accent);
  }
  .bar:hover,
  .bar:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
    z-index: 1;
  }
`;
