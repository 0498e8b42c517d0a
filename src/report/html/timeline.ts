import { outcomes } from '../../domain/cleanup/result.js';
import { formatClock, formatCount, formatDuration, plural } from '../format.js';
import type { ItemSpan, ReportItem, ReportModel, ReportTarget } from '../model.js';
import { icon } from './icons.js';
import { areaPath, buckets, inFlight } from './in-flight.js';
import { markup, trusted, escapeHtml, type Markup } from './markup.js';
import { outcomeLabels } from './outcomes.js';
import { timeScale } from './time-scale.js';
import { empty, folded, percent, round, section } from './view.js';

const stripHeight = 20;

type TimedItem = ReportItem & { span: ItemSpan };

interface Lane {
  target: ReportTarget;
  items: TimedItem[];
  flights: number[];
}

/** A Gantt chart of every delete: a lane per target that shows the load, and opens to a bar per item. */
export function timelineSection(model: ReportModel): Markup {
  const lanes = model.targets
    .map((target) => lane(target, model))
    .filter((l) => l.items.length > 0);
  if (lanes.length === 0) {
    return section('timeline', 'Timeline', undefined, empty('No delete was started.'));
  }
  const { step } = timeScale(model.span.end - model.span.start);
  const tick = percent(model.span.start + step, model.span);
  const peak = Math.max(...lanes.flatMap((l) => l.flights));
  const count = lanes.reduce((sum, l) => sum + l.items.length, 0);
  return section(
    'timeline',
    'Timeline',
    `${plural(count, 'delete')}, on the scale of the run. Each lane shows how much was in flight; open it for a bar per delete.`,
    markup`<div class="toolbar">${legend()}<button type="button" class="button" data-toggle-all="timeline">Open all</button></div><div class="box gantt${lanes.length > 30 && ' tall'}" style="--tick:${tick}%">${axis(model)}${lanes.map((l, index) => laneMarkup(l, peak, model, index === 0 && l.items.length <= 60))}</div>`,
  );
}

function lane(target: ReportTarget, model: ReportModel): Lane {
  const items = target.items
    .filter((item): item is TimedItem => item.span !== undefined)
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || a.index - b.index);
  const spans = items.map((item) => item.span);
  return { target, items, flights: inFlight(spans, model.span) };
}

function legend(): Markup {
  const used = outcomes.filter((outcome) => outcome !== 'skipped');
  return markup`<ul class="legend" aria-label="Legend">${used.map((o) => markup`<li><i class="swatch ${o}"></i>${outcomeLabels[o]}</li>`)}<li><i class="swatch open"></i>Not ended</li></ul>`;
}

function axis(model: ReportModel): Markup {
  const { ticks } = timeScale(model.span.end - model.span.start);
  const start = formatClock(model.span.start);
  return markup`<div class="lane-grid axis" aria-hidden="true"><span class="sub">from ${start} UTC</span><span class="track">${ticks.map(
    ({ offset, label }) => {
      const left = percent(model.span.start + offset, model.span);
      return markup`<i style="left:${left}%"${left > 94 && markup` class="last"`}>${label}</i>`;
    },
  )}</span><span></span></div>`;
}

function laneMarkup(l: Lane, peak: number, model: ReportModel, open: boolean): Markup {
  const { target, items } = l;
  const first = Math.min(...items.map((item) => item.span.start));
  const last = Math.max(...items.map((item) => item.span.end));
  const { failed } = target.counts;
  const trouble =
    failed > 0 &&
    markup`<span class="badge failed">${icon('failed')}${failed}<span class="visually-hidden"> failed</span></span>`;
  const bars = markup`<ol class="bars">${trusted(items.map((item) => barRow(item, model)).join(''))}</ol>`;
  return markup`<details class="lane" data-target="${target.index}"${open && markup` open`}><summary class="lane-grid"><span class="lane-name">${icon('chevron')}<span class="name" title="${target.name}">${target.name}</span>${trouble}</span><span class="track">${strip(l, peak, model)}</span><span class="took" title="${formatCount(items.length)} deletes">${formatDuration(last - first)}</span></summary>${folded(model, bars)}</details>\n`;
}

function strip(l: Lane, peak: number, model: ReportModel): Markup {
  const failed = l.items.filter((item) => item.result.outcome === 'failed');
  const failedFlights = inFlight(
    failed.map((item) => item.span),
    model.span,
  );
  const red = failed.length > 0 && areaPath(failedFlights, peak, stripHeight);
  return markup`<svg class="strip" viewBox="0 0 ${buckets} ${stripHeight}" preserveAspectRatio="none" role="img" aria-label="${plural(l.items.length, 'delete')}"><path class="deleted" d="${areaPath(l.flights, peak, stripHeight)}"/>${red && markup`<path class="failed" d="${red}"/>`}</svg>`;
}

/** Built as text, because there are tens of thousands of them. */
function barRow(item: TimedItem, model: ReportModel): string {
  const { result, span, index } = item;
  const left = percent(span.start, model.span);
  // Rounding must not push a bar over the edge.
  const width = round(Math.min(percent(span.end, model.span), 100) - left);
  const name = escapeHtml(result.name);
  const took = formatDuration(span.end - span.start);
  const after = formatDuration(span.start - model.span.start);
  const ending = span.open ? 'not ended' : result.outcome;
  const label = `${name}, ${ending}, started ${after} into the run, took ${took}`;
  return `<li class="lane-grid"><span class="name">${name}</span><span class="track"><button type="button" class="bar ${result.outcome}${span.open ? ' open' : ''}" style="left:${left}%;width:${width}%" data-item="${index}" aria-label="${label}"></button></span><span class="took">${took}</span></li>`;
}
