import type { ResultItem, StackEvent } from '../../domain/cleanup/result.js';
import { failureAdvice } from '../advice.js';
import { formatClock, parseTime, plural } from '../format.js';
import type { ReportItem, ReportModel } from '../model.js';
import { consoleLink } from './console-link.js';
import { icon } from './icons.js';
import { markup, type Markup } from './markup.js';
import { outcomeBadge } from './outcomes.js';
import { empty, inChunks, itemButton, itemDuration, section } from './view.js';

/** Every failure with its reason, its class, its events and what to do next. */
export function failuresSection(model: ReportModel): Markup {
  const failed = model.items.filter((item) => item.result.outcome === 'failed');
  if (failed.length === 0) {
    return section('failures', 'Failures', undefined, empty('Nothing failed.'));
  }
  return section(
    'failures',
    'Failures',
    `${plural(failed.length, 'resource')} could not be deleted. Whatever did not depend on them went on.`,
    classCounts(failed),
    inChunks(failed, 'failures', (chunk) => markup`${chunk.map(failureCard)}`),
  );
}

function classCounts(failed: readonly ReportItem[]): Markup {
  const counts = new Map<string, number>();
  for (const { result } of failed) {
    const name = result.failureClass ?? 'unclassified';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
  return markup`<ul class="chips" aria-label="Failures by class">${sorted.map(([name, count]) => markup`<li class="chip"><b>${count}</b> ${name}</li>`)}</ul>`;
}

function failureCard(item: ReportItem): Markup {
  const { result, target } = item;
  const tries = `${plural(result.attempts, 'attempt')} in ${plural(result.passes, 'pass', 'passes')}`;
  const took = item.span && itemDuration(item);
  return markup`<article class="card failure" id="item-${item.index}"><div class="card-head">${outcomeBadge('failed')}<h3>${itemButton(item)}</h3><span class="sub">${target.name}</span></div>
<p class="reason">${result.reason ?? 'No reason was recorded.'}</p>
<p class="advice">${icon('next')}<span><b>What to do next:</b> ${failureAdvice(result)}</span></p>
<ul class="meta"><li>${result.kind}</li><li>class <code>${result.failureClass ?? 'unclassified'}</code></li><li>policy ${result.policy}</li><li>${tries}</li>${took && markup`<li>${took}</li>`}${consoleItem(item)}</ul>
${eventsTable(result)}</article>`;
}

function consoleItem(item: ReportItem): Markup | undefined {
  const href = consoleLink(item.result, item.target.result);
  if (href === undefined) return undefined;
  return markup`<li><a href="${href}" rel="noreferrer">Open in the AWS console${icon('outside')}</a></li>`;
}

function eventsTable({ id, events = [] }: ResultItem): Markup {
  if (events.length === 0)
    return markup`<p class="sub">No CloudFormation events were recorded.</p>`;
  return markup`<details class="events"><summary>${icon('chevron')}CloudFormation events (${events.length})</summary><div class="scroll" tabindex="0" role="region" aria-label="CloudFormation events"><table class="grid compact"><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Resource</th><th scope="col">Type</th><th scope="col">Status</th><th scope="col">Reason</th></tr></thead><tbody>${events.map((event) => eventRow(event, id))}</tbody></table></div></details>`;
}

/** The stack's own events repeat its StackId, which the card tells already. */
function eventRow(event: StackEvent, stackId: string): Markup {
  const time = parseTime(event.time);
  const bad = event.status.endsWith('FAILED') ? ' failed-text' : '';
  return markup`<tr><td data-label="Time" class="nowrap">${time === undefined ? event.time : formatClock(time)}</td><td data-label="Resource"><span class="name">${event.logicalId}</span>${event.physicalId !== undefined && event.physicalId !== stackId && markup`<span class="sub">${event.physicalId}</span>`}</td><td data-label="Type">${event.type}</td><td data-label="Status" class="mono nowrap${bad}">${event.status}</td><td data-label="Reason">${event.reason}</td></tr>`;
}
