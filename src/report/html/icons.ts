import { markup, trusted, type Markup } from './markup.js';

/** Drawn on a 16 × 16 grid. The outcomes differ in shape as well as in colour. */
const drawings = {
  deleted: '<circle cx="8" cy="8" r="6.25"/><path d="m5.25 8.25 2 2 3.5-4"/>',
  skipped: '<circle cx="8" cy="8" r="6.25" stroke-dasharray="2.6 2"/><path d="M5.5 8h5"/>',
  blocked:
    '<rect x="3" y="7" width="10" height="6.75" rx="1.5"/><path d="M5.25 7V5a2.75 2.75 0 0 1 5.5 0v2"/>',
  failed:
    '<path d="M5.3 1.75h5.4l3.55 3.55v5.4l-3.55 3.55H5.3L1.75 10.7V5.3z"/><path d="m6 6 4 4m0-4-4 4"/>',
  orphan:
    '<path d="M6.5 9.5 4.75 11.25a2.5 2.5 0 0 1-3.5-3.5L3 6m6.5.5 1.75-1.75a2.5 2.5 0 0 1 3.5 3.5L13 10M5.5 2v2M2 5.5h2M10.5 14v-2M14 10.5h-2"/>',
  calls: '<path d="M4.5 6 2 8l2.5 2M11.5 6 14 8l-2.5 2M9.25 3.5l-2.5 9"/>',
  outside:
    '<path d="M9.5 2.5h4v4M13.5 2.5 7.5 8.5M11.5 9.5v3a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h3"/>',
  clock: '<circle cx="8" cy="8" r="6.25"/><path d="M8 4.5V8l2.25 1.5"/>',
  theme:
    '<circle cx="8" cy="8" r="6.25"/><path d="M8 1.75a6.25 6.25 0 0 1 0 12.5z" fill="currentColor"/>',
  chevron: '<path d="m6 3.5 4.5 4.5L6 12.5"/>',
  search: '<circle cx="7" cy="7" r="4.5"/><path d="m10.5 10.5 3.5 3.5"/>',
  close: '<path d="m4 4 8 8m0-8-8 8"/>',
  next: '<path d="M2.5 8h10M9 4.5 12.5 8 9 11.5"/>',
  moon: '<path d="M13.5 9.75A6 6 0 0 1 6.25 2.5a6 6 0 1 0 7.25 7.25z" fill="currentColor"/>',
} as const;

export type IconName = keyof typeof drawings;

/** Decoration beside a word that says the same; hidden from screen readers. */
export function icon(name: IconName): Markup {
  return markup`<svg class="icon" aria-hidden="true"><use href="#i-${name}"/></svg>`;
}

/** Every icon and arrowhead once, to be used by name; belongs at the start of the body. */
export function iconSprite(): Markup {
  const symbols = Object.entries(drawings).map(
    ([name, paths]) => `<symbol id="i-${name}" viewBox="0 0 16 16">${paths}</symbol>`,
  );
  const arrows = ['arrow', 'arrow-held'].map(
    (id) =>
      `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 .5 7.5 4 0 7.5z"/></marker>`,
  );
  return trusted(
    `<svg class="sprite" aria-hidden="true">${symbols.join('')}${arrows.join('')}</svg>`,
  );
}

/** A moon, as the page's own icon: without one a browser asks the server for /favicon.ico. */
export const favicon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%234f5bd5' d='M13.5 9.75A6 6 0 0 1 6.25 2.5a6 6 0 1 0 7.25 7.25z'/%3E%3C/svg%3E";
