import { blockedAdvice } from '../advice.js';
import { plural } from '../format.js';
import type { ReportItem, ReportModel } from '../model.js';
import { icon } from './icons.js';
import { markup, type Markup } from './markup.js';
import { empty, inChunks, itemButton, section } from './view.js';

/** Every item that others hold, with who holds it and what to do next; then what was skipped, by reason. */
export function blockedSection(model: ReportModel): Markup {
  const blocked = model.items.filter((item) => item.result.outcome === 'blocked');
  const lead = `${plural(blocked.length, 'resource')} left because something that was not selected, or could not go, still uses them.`;
  return section(
    'blocked',
    'Blocked',
    blocked.length > 0 && lead,
    blocked.length === 0
      ? empty('Nothing was blocked.')
      : inChunks(blocked, 'blocked resources', blockedTable),
  );
}

function blockedTable(items: readonly ReportItem[]): Markup {
  return markup`<div class="box scroll" tabindex="0" role="region" aria-label="Blocked resources"><table class="grid"><thead><tr><th scope="col">Resource</th><th scope="col">In use by</th><th scope="col">Why, and what to do next</th></tr></thead><tbody>${items.map(blockedRow)}</tbody></table></div>`;
}

function blockedRow(item: ReportItem): Markup {
  const by = item.result.blockedBy ?? [];
  const names = by.map((reference) => markup`<li title="${reference.id}">${reference.name}</li>`);
  return markup`<tr><th scope="row">${itemButton(item)}<span class="sub">${item.target.name}</span></th><td data-label="In use by">${names.length > 0 ? markup`<ul class="plain name">${names}</ul>` : 'not recorded'}</td><td data-label="Why">${item.result.reason ?? 'No reason was recorded.'}<span class="hint">${icon('next')}${blockedAdvice(item)}</span></td></tr>`;
}

/** What was left alone, one row per reason: hundreds of protected stacks are one thing to know. */
export function skippedSection(model: ReportModel): Markup {
  const skipped = model.items.filter((item) => item.result.outcome === 'skipped');
  if (skipped.length === 0) {
    return section('skipped', 'Skipped', undefined, empty('Nothing was skipped.'));
  }
  const byReason = new Map<string, ReportItem[]>();
  for (const item of skipped) {
    const reason = item.result.reason ?? 'No reason was recorded.';
    const group = byReason.get(reason) ?? [];
    if (group.length === 0) byReason.set(reason, group);
    group.push(item);
  }
  const rows = [...byReason].sort((a, b) => b[1].length - a[1].length);
  return section(
    'skipped',
    'Skipped',
    `${plural(skipped.length, 'resource')} left alone by a rule.`,
    inChunks(
      rows,
      'reasons',
      (chunk) =>
        markup`<div class="box scroll" tabindex="0" role="region" aria-label="Skipped resources by reason"><table class="grid"><thead><tr><th scope="col">Reason</th><th scope="col" class="num">Resources</th><th scope="col">Such as</th></tr></thead><tbody>${chunk.map(skippedRow)}</tbody></table></div>`,
    ),
  );
}

function skippedRow([reason, items]: [string, ReportItem[]]): Markup {
  const shown = items.slice(0, 3);
  const more = items.length - shown.length;
  return markup`<tr><td>${reason}</td><td class="num" data-label="Resources">${items.length}</td><td data-label="Such as"><ul class="plain">${shown.map((item) => markup`<li>${itemButton(item)} <span class="sub inline">${item.target.name}</span></li>`)}${more > 0 && markup`<li><button type="button" class="link" data-show-outcome="skipped" data-show-text="${reason}">and ${more} more</button></li>`}</ul></td></tr>`;
}
