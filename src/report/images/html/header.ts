import type { LineStatus } from '../../../domain/images/result.js';
import { formatCount, formatTime, parseTime, plural } from '../../format.js';
import { tile } from '../../html/header.js';
import { icon, type IconName } from '../../html/icons.js';
import { markup, type Markup } from '../../html/markup.js';
import { approveCommand } from '../commands.js';
import { countCells, matrixOf, missingFor } from '../matrix.js';

/** Which line, how it stands, and what wants somebody: what a reader looks for in the first second. */
export function lineHeader(status: LineStatus, title: string): Markup {
  const { product, line, channel, checkedAt } = status;
  const { label, style, drawing } = standing(status);
  const read = parseTime(checkedAt);
  const { columns, rows } = matrixOf(status.cells);
  const facts: [string, string][] = [
    ['Line', line],
    ['Channel', channel],
    ['Product', product || 'not known yet'],
    ['Mirror read', read === undefined ? 'not yet' : formatTime(read)],
    ['Versions', formatCount(rows.length)],
    ['Base OSes', [...new Set(columns.map(({ os }) => os))].join(', ') || 'none'],
    ['Architectures', [...new Set(columns.map(({ arch }) => arch))].join(', ') || 'none'],
  ];
  return markup`<div class="hero"><div class="hero-title"><h1>${title}</h1><span class="badge large ${style}">${icon(drawing)}${label}</span></div>
<p class="headline">${headline(status)}</p>
${notices(status)}
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></div>\n`;
}

function standing(status: LineStatus): { label: string; style: string; drawing: IconName } {
  const { held, missing, building } = countCells(status.cells);
  if (held > 0) return { label: `${formatCount(held)} held`, style: 'failed', drawing: 'blocked' };
  if (status.trouble !== undefined)
    return { label: 'Check failed', style: 'failed', drawing: 'failed' };
  if (building > 0) return { label: 'Building', style: 'building', drawing: 'clock' };
  if (missing > 0)
    return { label: `${formatCount(missing)} missing`, style: 'blocked', drawing: 'skipped' };
  if (status.cells.length === 0)
    return { label: 'No images yet', style: 'skipped', drawing: 'skipped' };
  return { label: 'All built', style: 'deleted', drawing: 'deleted' };
}

function headline({ cells }: LineStatus): string {
  const { built, building, missing, held } = countCells(cells);
  const parts = [
    `${formatCount(built)} of ${plural(cells.length, 'image')} built`,
    building > 0 && `${formatCount(building)} building`,
    missing > 0 && `${formatCount(missing)} missing`,
    held > 0 && `${formatCount(held)} held`,
  ];
  return `${parts.filter((part) => part !== false).join(', ')}.`;
}

function notices(status: LineStatus): Markup {
  const { trouble, trackerTrouble, awaitingApproval } = status;
  const approval = `Waiting for approval since the first check: ${plural(awaitingApproval, 'image')}.`;
  return markup`${trouble !== undefined && markup`<p class="notice"><b>The last check came to nothing:</b> ${trouble}</p>`}${trackerTrouble !== undefined && markup`<p class="notice"><b>The tracker could not be written:</b> ${trackerTrouble}</p>`}${awaitingApproval > 0 && markup`<p class="notice">${approval} <code class="command">${approveCommand(status)}</code></p>`}`;
}

/** The counts as tiles; each leads to where its images are. */
export function lineTiles({ cells }: LineStatus): Markup {
  const { built, building, missing, held } = countCells(cells);
  const retried = cells.filter((cell) => missingFor(cell) === 'retry').length;
  const note = retried > 0 ? `${formatCount(retried)} to be tried again` : 'not there yet';
  return markup`<div class="tiles four">${[
    tile('deleted', 'Built', built, 'there to be used', '#matrix'),
    tile('clock', 'Building', building, 'on their way', '#matrix', { style: 'building' }),
    tile('blocked', 'Missing', missing, note, retried > 0 ? '#failing' : '#matrix', {
      drawing: 'skipped',
    }),
    tile('failed', 'Held', held, 'given up until released', '#held', { drawing: 'blocked' }),
  ]}</div>\n`;
}
