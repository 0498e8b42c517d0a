import type { CellStatus, LineStatus } from '../../../domain/images/result.js';
import { formatTime, parseTime, plural } from '../../format.js';
import { icon } from '../../html/icons.js';
import { markup, type Markup } from '../../html/markup.js';
import { empty, section } from '../../html/view.js';
import { releaseCommand } from '../commands.js';
import { missingFor } from '../matrix.js';

/** Images that were given up: each with why, its log, and what lets it be tried again. */
export function heldSection(status: LineStatus): Markup {
  const held = status.cells.filter(({ state }) => state === 'held');
  if (held.length === 0)
    return section('held', 'Held', undefined, empty('Nothing has been given up.'));
  const lead = `${plural(held.length, 'image')} given up after several attempts. What holds one does not hold the others; a command, or a new recipe, lets it be tried again.`;
  return section(
    'held',
    'Held',
    lead,
    table('Held images', held, (cell) => [
      markup`<span class="hint">${icon('next')}<code class="image-id">${releaseCommand(status, cell)}</code></span>`,
    ]),
  );
}

/** Images whose last attempt failed, and that are tried again. */
export function failingSection({ cells }: LineStatus): Markup {
  const failing = cells.filter((cell) => missingFor(cell) === 'retry');
  const title = 'To be tried again';
  if (failing.length === 0)
    return section('failing', title, undefined, empty('Nothing is failing.'));
  return section(
    'failing',
    title,
    `${plural(failing.length, 'image')} whose last attempt failed. Each is tried again by itself, a little later every time.`,
    table('Images to be tried again', failing, ({ nextTry }) => {
      const at = parseTime(nextTry);
      if (at === undefined) return [];
      return [
        markup`<span class="hint">${icon('clock')}<span>Next try at ${formatTime(at)}</span></span>`,
      ];
    }),
  );
}

function table(
  label: string,
  cells: readonly CellStatus[],
  next: (cell: CellStatus) => Markup[],
): Markup {
  return markup`<div class="box scroll${cells.length > 30 && ' tall'}" tabindex="0" role="region" aria-label="${label}"><table class="grid problems"><thead><tr><th scope="col">Image</th><th scope="col">Why, and what is next</th><th scope="col" class="num">Attempts</th><th scope="col">Log</th></tr></thead><tbody>${cells.map((cell) => row(cell, next(cell)))}</tbody></table></div>`;
}

function row(cell: CellStatus, next: readonly Markup[]): Markup {
  const { evr, os, arch, reason, attempts, link } = cell;
  return markup`<tr id="${problemId(cell)}"><th scope="row"><span class="mono">${evr}</span><span class="sub">${os}, ${arch}</span></th><td data-label="Why"><span>${reason ?? 'No reason was recorded.'}</span>${next}</td><td class="num" data-label="Attempts">${attempts ?? ''}</td><td data-label="Log">${link === undefined ? 'none' : logLink(link)}</td></tr>`;
}

/** Only what a browser opens as a page: a builder may answer with any text. */
function logLink(link: string): Markup {
  // URL.parse came with Node 22.
  const protocol = URL.canParse(link) ? new URL(link).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:') return markup`<span>${link}</span>`;
  return markup`<a href="${link}" rel="noreferrer">Open the log${icon('outside')}</a>`;
}

/** Where on the page an image's trouble stands. Whatever an address would not keep is written in its code. */
export function problemId({ evr, os, arch }: CellStatus): string {
  const plain = [os, arch, evr]
    .join('/')
    .replace(/[^A-Za-z0-9.-]/g, (c) => `_${c.charCodeAt(0).toString(16)}_`);
  return `problem-${plain}`;
}
