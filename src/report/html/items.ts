import { itemKinds } from '../../domain/cleanup/plan.js';
import { outcomes } from '../../domain/cleanup/result.js';
import { formatCount } from '../format.js';
import { countOutcomes, type ReportModel } from '../model.js';
import { icon } from './icons.js';
import { markup, type Markup } from './markup.js';
import { outcomeLabels } from './outcomes.js';
import { empty, section } from './view.js';

const columns = [
  { key: 'outcome', label: 'Outcome' },
  { key: 'name', label: 'Name' },
  { key: 'kind', label: 'Kind' },
  { key: 'target', label: 'Target' },
  { key: 'policy', label: 'Policy' },
  { key: 'attempts', label: 'Attempts', numeric: true },
  { key: 'start', label: 'Started' },
  { key: 'duration', label: 'Took', numeric: true },
];

/** The frame of the table of all items; the page's script fills it, a page of rows at a time. */
export function itemsSection(model: ReportModel): Markup {
  if (model.items.length === 0) {
    return section('items', 'All resources', undefined, empty('Nothing was selected.'));
  }
  return section(
    'items',
    'All resources',
    'Everything that the policies selected. Open a name for its details.',
    markup`<noscript><p class="empty">This table needs JavaScript; nothing leaves this page.</p></noscript>`,
    filters(model),
    markup`<div class="box scroll" id="items-box" tabindex="0" role="region" aria-label="All resources"><table class="grid items"><thead><tr>${columns.map(
      (column) =>
        markup`<th scope="col"${column.numeric === true && markup` class="num"`} data-column="${column.key}"><button type="button" data-sort="${column.key}">${column.label}<span class="arrow" aria-hidden="true"></span></button></th>`,
    )}</tr></thead><tbody id="item-rows"></tbody></table></div>`,
    markup`<div class="toolbar pager"><span id="page-text"></span><button type="button" class="button" id="page-back">Back</button><button type="button" class="button" id="page-next">Next</button></div>`,
  );
}

function filters(model: ReportModel): Markup {
  const counts = countOutcomes(model.items.map((item) => item.result));
  const policies = [...new Set(model.items.map((item) => item.result.policy))].sort();
  const targets = model.targets.filter((target) => target.items.length > 0);
  const kinds = itemKinds.filter((kind) => model.items.some((item) => item.result.kind === kind));
  const options = (values: readonly string[]) => values.map((v, i) => ({ value: i, label: v }));
  return markup`<form class="filters" id="filters" role="search" aria-label="Filter resources">
<label class="search">${icon('search')}<span class="visually-hidden">Search names, ids and reasons</span><input type="search" id="filter-text" placeholder="Search names, ids, reasons" autocomplete="off" spellcheck="false"></label>
<div class="segments" role="group" aria-label="Outcome"><button type="button" data-outcome="" aria-pressed="true">All <b>${formatCount(model.items.length)}</b></button>${outcomes.map((o) => markup`<button type="button" data-outcome="${o}" aria-pressed="false">${icon(o)}${outcomeLabels[o]} <b>${formatCount(counts[o])}</b></button>`)}</div>
${select(
  'target',
  'Target',
  targets.map((t) => ({ value: t.index, label: t.name })),
)}${select(
    'kind',
    'Kind',
    kinds.map((k) => ({ value: k, label: k })),
  )}${select('policy', 'Policy', options(policies))}
<button type="reset" class="button quiet">Clear</button></form>
<p class="found" id="found" role="status"></p>`;
}

function select(
  name: string,
  label: string,
  options: readonly { value: string | number; label: string }[],
): Markup {
  return markup`<label class="select"><span class="visually-hidden">${label}</span><select id="filter-${name}"><option value="">${label}: all</option>${options.map((o) => markup`<option value="${o.value}">${o.label}</option>`)}</select></label>`;
}
