import { formatCount, formatDuration, plural } from '../format.js';
import type { ReportModel, ReportTarget } from '../model.js';
import { icon } from './icons.js';
import { markup, type Markup } from './markup.js';
import { shareBar } from './outcomes.js';
import { section } from './view.js';

/** One row per account × region, those in trouble first, each with why where it could not be worked on. */
export function targetsSection(model: ReportModel): Markup {
  const targets = [...model.targets].sort((a, b) => trouble(b) - trouble(a) || a.index - b.index);
  const accounts = new Set(targets.map((target) => target.result.account.id)).size;
  const lead = `${plural(targets.length, 'target')} in ${plural(accounts, 'account')}; those in trouble come first.`;
  const columns = ['Target', 'Status', 'Outcomes', 'Deleted', 'Skipped', 'Blocked', 'Failed'];
  const numbers = ['Orphaned', 'Passes', 'AWS calls', 'Took'];
  return section(
    'targets',
    'Targets',
    lead,
    markup`<div class="box scroll${targets.length > 30 && ' tall'}" tabindex="0" role="region" aria-label="Targets"><table class="grid targets"><thead><tr>${columns.map((c, i) => markup`<th scope="col"${i > 2 && markup` class="num"`}>${c}</th>`)}${numbers.map((c) => markup`<th scope="col" class="num">${c}</th>`)}</tr></thead><tbody>${targets.map(targetRows)}</tbody></table></div>`,
  );
}

function trouble(target: ReportTarget): number {
  if (target.result.error !== undefined) return 2;
  return target.counts.failed > 0 ? 1 : 0;
}

function targetRows(target: ReportTarget): Markup {
  const { result, counts } = target;
  const cell = (label: string, count: number, style = ''): Markup =>
    markup`<td class="num${count === 0 ? ' zero' : ` ${style}`}" data-label="${label}">${formatCount(count)}</td>`;
  return markup`<tr${result.error !== undefined && markup` class="has-note"`}><th scope="row"><button type="button" class="item-name" data-show-target="${target.index}">${target.name}</button><span class="sub">${result.account.id}</span></th><td data-label="Status">${statusBadge(target)}</td><td data-label="Outcomes" class="share-cell">${shareBar(counts)}</td>${cell('Deleted', counts.deleted)}${cell('Skipped', counts.skipped)}${cell('Blocked', counts.blocked, 'blocked-text')}${cell('Failed', counts.failed, 'failed-text')}${cell('Orphaned', target.orphaned)}${cell('Passes', result.passes)}${cell('AWS calls', result.awsCalls)}<td class="num" data-label="Took">${formatDuration(target.duration)}</td></tr>${errorRow(target)}`;
}

function statusBadge({ result, counts }: ReportTarget): Markup {
  if (result.error !== undefined) {
    return markup`<span class="badge failed">${icon('failed')}${result.items.length === 0 ? 'Not inspected' : 'Stopped'}</span>`;
  }
  if (counts.failed > 0) {
    return markup`<span class="badge failed">${icon('failed')}${plural(counts.failed, 'failure')}</span>`;
  }
  if (result.endedAt === undefined) {
    return markup`<span class="badge blocked">${icon('clock')}Not ended</span>`;
  }
  if (counts.blocked > 0) {
    return markup`<span class="badge blocked">${icon('blocked')}${formatCount(counts.blocked)} blocked</span>`;
  }
  return markup`<span class="badge deleted">${icon('deleted')}Clean</span>`;
}

function errorRow({ result: { error } }: ReportTarget): Markup | undefined {
  if (error === undefined) return undefined;
  return markup`<tr class="note"><td colspan="11"><code>${error.code}</code> ${error.message}${error.hint !== undefined && markup`<span class="hint">${icon('next')}${error.hint}</span>`}</td></tr>`;
}
