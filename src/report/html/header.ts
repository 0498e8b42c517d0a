import { outcomes, type RunStatus } from '../../domain/cleanup/result.js';
import { formatCount, formatDuration, formatTime, plural } from '../format.js';
import { countOutcomes, type ReportModel } from '../model.js';
import { icon, type IconName } from './icons.js';
import { markup, type Markup } from './markup.js';
import { shareBar } from './outcomes.js';

const statuses: Record<RunStatus, { label: string; style: string; icon: IconName }> = {
  completed: { label: 'Completed', style: 'deleted', icon: 'deleted' },
  'completed-with-failures': { label: 'Completed with failures', style: 'failed', icon: 'failed' },
  cancelled: { label: 'Cancelled', style: 'blocked', icon: 'skipped' },
  refused: { label: 'Refused', style: 'blocked', icon: 'blocked' },
};

/** Which run, how it ended, when and how long: what a reader wants in the first second. */
export function runHeader(model: ReportModel, title: string): Markup {
  const { result } = model;
  const status = statuses[result.status];
  const facts: [string, string][] = [
    ['Run', result.runId],
    ['Workflow', result.workflowId],
    ['Started', formatTime(model.span.start)],
    ['Took', formatDuration(model.duration)],
    ['Policies', result.policies.join(', ') || 'none'],
  ];
  return markup`<div class="hero"><div class="hero-title"><h1>${title}</h1><span class="badge large ${status.style}">${icon(status.icon)}${status.label}</span></div>
<p class="headline">${headline(model)}</p>
${result.reason !== undefined && markup`<p class="notice">${result.reason}</p>`}
<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></div>\n`;
}

function headline(model: ReportModel): string {
  const { totals, targets } = model.result;
  const selected = totals.deleted + totals.skipped + totals.blocked + totals.failed;
  const unreachable = targets.filter((target) => target.error !== undefined).length;
  const parts = [
    `${formatCount(totals.deleted)} of ${plural(selected, 'selected resource')} deleted in ${plural(targets.length, 'target')}`,
    totals.failed > 0 && `${formatCount(totals.failed)} failed`,
    totals.blocked > 0 && `${formatCount(totals.blocked)} blocked`,
    totals.orphaned > 0 && `${formatCount(totals.orphaned)} left behind on purpose`,
    unreachable > 0 && `${plural(unreachable, 'target')} could not be worked on`,
  ];
  return `${parts.filter((part) => part !== false).join(', ')}.`;
}

/** The totals as tiles; each leads to where its items are. */
export function totalTiles(model: ReportModel): Markup {
  const { totals, awsCalls } = model.result;
  const perDelete = totals.deleted === 0 ? undefined : (awsCalls / totals.deleted).toFixed(1);
  const tiles = [
    tile('deleted', 'Deleted', totals.deleted, 'gone for good', '#items', { shows: 'deleted' }),
    tile('skipped', 'Skipped', totals.skipped, 'left alone by a rule', '#items', {
      shows: 'skipped',
    }),
    tile('blocked', 'Blocked', totals.blocked, 'in use by others', '#blocked'),
    tile('failed', 'Failed', totals.failed, 'need a look', '#failures'),
    tile('orphan', 'Orphaned', totals.orphaned, 'resources left behind', '#orphans'),
    tile('calls', 'AWS calls', awsCalls, perDelete && `${perDelete} per delete`, '#targets'),
  ];
  const counts = countOutcomes(model.items.map((item) => item.result));
  const all = outcomes.some((outcome) => counts[outcome] > 0) && shareBar(counts);
  return markup`<div class="tiles">${tiles}</div>${all && markup`<div class="share-all">${all}</div>`}\n`;
}

export interface TileOptions {
  /** The outcome that the table of items is filtered by. */
  shows?: string;
  /** Another class, and another icon, than that of the name. */
  style?: string;
  drawing?: IconName;
}

/** A count as a tile that leads to where its things are. */
export function tile(
  name: IconName,
  label: string,
  count: number,
  note: string | undefined,
  href: string,
  { shows, style = name, drawing = name }: TileOptions = {},
): Markup {
  const none = count === 0 ? ' none' : '';
  return markup`<a class="tile ${style}${none}" href="${href}" data-total="${style}"${shows !== undefined && markup` data-show-outcome="${shows}"`}><span class="tile-label">${icon(drawing)}${label}</span><span class="tile-count">${formatCount(count)}</span><span class="tile-note">${note}</span></a>`;
}
