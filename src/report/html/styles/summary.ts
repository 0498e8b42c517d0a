import { css } from './css.js';

/** The top of the page: bar, headline, tiles, navigation. */
export const summaryStyles = css`
  .top {
    background: var(--surface);
    border-bottom: 1px solid var(--border);
  }
  .top .wrap {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 52px;
  }
  .brand {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    font-weight: 700;
    letter-spacing: -0.01em;
  }
  .brand .icon {
    color: var(--accent);
    stroke: none;
    width: 20px;
    height: 20px;
  }
  .hero {
    padding: 36px 0 26px;
  }
  .hero-title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 16px;
  }
  .headline {
    margin-top: 8px;
    max-width: 75ch;
    font-size: 17px;
  }
  .notice {
    margin-top: 14px;
    padding: 12px 16px;
    background: var(--blocked-tint);
    border-left: 4px solid var(--blocked);
    border-radius: 8px;
  }
  .facts {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 36px;
    margin-top: 20px;
  }
  .facts dt {
    color: var(--muted);
    font-size: 13px;
  }
  .facts dd {
    font-weight: 500;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(6, 1fr);
    gap: 12px;
  }
  .tile {
    display: flex;
    flex-direction: column;
    padding: 16px 18px 14px;
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: 12px;
    color: var(--text);
    text-decoration: none;
  }
  .tile:hover {
    border-color: var(--accent);
  }
  .tile-label {
    display: flex;
    align-items: center;
    gap: 7px;
    font-size: 14px;
    font-weight: 600;
  }
  .tile-count {
    margin-top: 6px;
    font-size: 32px;
    font-weight: 650;
    line-height: 1.15;
    letter-spacing: -0.025em;
  }
  .tile-note {
    color: var(--muted);
    font-size: 13px;
  }
  .tile.deleted .tile-label {
    color: var(--deleted);
  }
  .tile.skipped .tile-label,
  .tile.calls .tile-label,
  .tile.none .tile-label {
    color: var(--muted);
  }
  .tile.blocked:not(.none) .tile-label {
    color: var(--blocked);
  }
  .tile.failed:not(.none) .tile-label {
    color: var(--failed);
  }
  .tile.orphan:not(.none) .tile-label {
    color: var(--orphan);
  }
  .tile.none .tile-count {
    color: var(--muted);
    font-weight: 500;
  }
  .share {
    display: flex;
    gap: 2px;
    height: 8px;
    min-width: 90px;
    overflow: hidden;
    border-radius: 4px;
    background: var(--raised);
  }
  .share-all {
    margin-top: 14px;
  }
  .share i {
    min-width: 3px;
  }
  .share .deleted,
  .swatch.deleted {
    background: var(--deleted);
  }
  .share .skipped {
    background: repeating-linear-gradient(90deg, var(--skipped) 0 2px, transparent 2px 4px);
  }
  .share .blocked {
    background: repeating-linear-gradient(135deg, var(--blocked) 0 3px, transparent 3px 5px);
  }
  .share .failed {
    background: var(--failed);
  }
  .sections {
    position: sticky;
    top: 0;
    z-index: 5;
    margin: 26px -24px 0;
    padding: 0 24px;
    background: var(--page);
    border-bottom: 1px solid var(--border);
    overflow-x: auto;
  }
  .sections ul {
    display: flex;
    gap: 4px 22px;
  }
  .sections a {
    display: block;
    padding: 11px 0 10px;
    border-bottom: 2px solid transparent;
    color: var(--muted);
    font-size: 14px;
    font-weight: 500;
    text-decoration: none;
    white-space: nowrap;
  }
  .sections a:hover,
  .sections a[aria-current] {
    color: var(--text);
    border-color: var(--accent);
  }
  .sections b {
    padding: 0 6px;
    border-radius: 999px;
    background: var(--raised);
    font-size: 12px;
    font-weight: 600;
  }
`;
