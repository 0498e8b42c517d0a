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

export function topBar(): Markup {
  return markup`<header class="top"><div class="wrap"><span class="brand">${icon('moon')}Nightshift</span><button type="button" class="button quiet" id="theme">${icon('theme')}<span>Theme: system</span></button></div></header>`;
}

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
    tile('deleted', 'Deleted', totals.deleted, 'gone for good', '#items', 'deleted'),
    tile('skipped', 'Skipped', totals.skipped, 'left alone by a rule', '#items', 'skipped'),
    tile('blocked', 'Blocked', totals.blocked, 'in use by others', '#blocked'),
    tile('failed', 'Failed', totals.failed, 'need a look', '#failures'),
    tile('orphan', 'Orphaned', totals.orphaned, 'resources left behind', '#orphans'),
    tile('calls', 'AWS calls', awsCalls, perDelete && `${perDelete} per delete`, '#targets'),
  ];
  const counts = countOutcomes(model.items.map((item) => item.result));
  const all = outcomes.some((outcome) => counts[outcome] > 0) && shareBar(counts);
  return markup`<div class="tiles">${tiles}</div>${all && markup`<div class="share-all">${all}</div>`}\n`;
}

function tile(
  name: IconName,
  label: string,
  count: number,
  note: string | undefined,
  href: string,
  outcome?: string,
): Markup {
  const none = count === 0 ? ' none' : '';
  return markup`<a class="tile ${name}${none}" href="${href}" data-total="${name}"${outcome !== undefined && markup` data-show-outcome="${outcome}"`}><span class="tile-label">${icon(name)}${label}</span><span class="tile-count">${formatCount(count)}</span><span class="tile-note">${note}</span></a>`;
}
