import { css } from './css.js';

/** Type, page frame, links, buttons, badges. */
export const baseStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  html {
    scroll-padding-top: 64px;
    -webkit-text-size-adjust: 100%;
  }
  body {
    margin: 0;
    background: var(--page);
    color: var(--text);
    font: 15px/1.55 var(--sans);
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h1 {
    font-size: 26px;
    line-height: 1.25;
    letter-spacing: -0.015em;
  }
  h2 {
    font-size: 19px;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  h3 {
    font-size: 15px;
  }
  a,
  .link {
    color: var(--accent);
    text-underline-offset: 2px;
  }
  :root {
    --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
    --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
  }
  code,
  .mono {
    font-family: var(--mono);
    font-size: 13px;
  }
  .mono,
  .name,
  .item-name {
    unicode-bidi: isolate;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
  }
  button {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .wrap {
    width: 100%;
    max-width: 1240px;
    margin: 0 auto;
    padding: 0 24px;
  }
  section {
    margin-top: 44px;
    scroll-margin-top: 64px;
  }
  .section-head {
    margin-bottom: 14px;
  }
  .lead,
  .sub,
  footer {
    color: var(--muted);
  }
  .lead {
    margin-top: 2px;
  }
  .sub {
    display: block;
    font-size: 13px;
  }
  .sub.inline {
    display: inline;
  }
  .sprite {
    position: absolute;
    width: 0;
    height: 0;
  }
  .icon,
  symbol {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .icon {
    width: 16px;
    height: 16px;
    flex: none;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .skip-link {
    position: absolute;
    left: -999px;
    top: 8px;
    z-index: 9;
    padding: 8px 14px;
    background: var(--accent);
    color: var(--on-accent);
    border-radius: 8px;
  }
  .skip-link:focus {
    left: 8px;
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-height: 32px;
    padding: 3px 12px;
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: 8px;
    font-size: 14px;
  }
  .button:hover {
    background: var(--raised);
  }
  .button:disabled {
    opacity: 0.45;
    cursor: default;
  }
  .button.quiet {
    background: none;
    border-color: transparent;
    color: var(--muted);
  }
  .button.quiet:hover {
    background: var(--raised);
  }
  .item-name,
  .link {
    padding: 0;
    background: none;
    border: 0;
    text-align: left;
    overflow-wrap: anywhere;
  }
  .item-name {
    font-weight: 600;
    text-decoration: underline;
    text-decoration-color: transparent;
    text-underline-offset: 3px;
  }
  .item-name:hover {
    color: var(--accent);
    text-decoration-color: currentColor;
  }
  .link {
    text-decoration: underline;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    padding: 1px 9px 1px 7px;
    border-radius: 999px;
    font-size: 13px;
    font-weight: 600;
    white-space: nowrap;
  }
  .badge .icon {
    width: 14px;
    height: 14px;
  }
  .badge.large {
    padding: 4px 14px 4px 10px;
    font-size: 14px;
  }
  .badge.deleted {
    background: var(--deleted-tint);
  }
  .badge.skipped {
    background: var(--skipped-tint);
  }
  .badge.blocked {
    background: var(--blocked-tint);
  }
  .badge.failed {
    background: var(--failed-tint);
  }
  .badge.deleted,
  .deleted-text {
    color: var(--deleted);
  }
  .badge.skipped,
  .skipped-text {
    color: var(--skipped);
  }
  .badge.blocked,
  .blocked-text {
    color: var(--blocked);
  }
  .badge.failed,
  .failed-text {
    color: var(--failed);
  }
  .box {
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: 12px;
  }
  .scroll {
    overflow-x: auto;
  }
  .tall {
    max-height: max(420px, 80vh);
    overflow-y: auto;
  }
  .empty {
    padding: 18px 20px;
    border: 1px dashed var(--border);
    border-radius: 12px;
    color: var(--muted);
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
    margin-bottom: 12px;
  }
  .toolbar > .button:last-child {
    margin-left: auto;
  }
  footer.wrap {
    margin-top: 48px;
    padding-bottom: 40px;
    font-size: 13px;
  }
`;
