/** The table of all items: search, filters, order, fifty rows at a time, so 20,000 cost no more than 50. */
export const itemsScript = String.raw`
/** A phone shows a card for each: fewer make a page. */
const pageSize = matchMedia('(max-width: 700px)').matches ? 20 : 50;
const filter = { text: '', outcome: '', target: '', kind: '', policy: '' };
const order = { column: '', descending: false };
let page = 0;
/** Indexes of the items that the filter lets through, in order. @type {number[]} */
let shown = [];

/** What the search looks through, made once. @type {string[]} */
const haystacks = report.items.map((item) =>
  [item.name, item.id, item.reason, targetOf(item), policyOf(item), item.failureClass].join('\n').toLowerCase(),
);

/** @param {number} index @param {string[]} words @returns {boolean} */
function passes(index, words) {
  const item = report.items[index];
  if (!item) return false;
  if (filter.outcome && item.outcome !== filter.outcome) return false;
  if (filter.target && String(item.target) !== filter.target) return false;
  if (filter.kind && item.kind !== filter.kind) return false;
  if (filter.policy && String(item.policy) !== filter.policy) return false;
  const haystack = haystacks[index] || '';
  return words.every((word) => haystack.includes(word));
}

const collator = new Intl.Collator('en', { numeric: true });

/** @param {Item} item @param {string} column @returns {string | number | undefined} */
function sortKey(item, column) {
  switch (column) {
    case 'outcome': return item.outcome;
    case 'name': return item.name;
    case 'kind': return item.kind;
    case 'target': return targetOf(item);
    case 'policy': return policyOf(item);
    case 'attempts': return item.attempts;
    case 'start': return item.start;
    default: return item.duration;
  }
}

/** What has no value goes last, whichever way the order goes.
 * @param {string | number | undefined} a @param {string | number | undefined} b @returns {number} */
function compare(a, b) {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  const way = order.descending ? -1 : 1;
  if (typeof a === 'number' && typeof b === 'number') return way * (a - b);
  return way * collator.compare(String(a), String(b));
}

function refilter() {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  shown = [];
  for (let index = 0; index < report.items.length; index++) if (passes(index, words)) shown.push(index);
  if (order.column) {
    const keys = new Map();
    for (const index of shown) {
      const item = report.items[index];
      if (item) keys.set(index, sortKey(item, order.column));
    }
    shown.sort((a, b) => compare(keys.get(a), keys.get(b)) || a - b);
  }
  page = 0;
  renderPage(pageSize);
}

/** @param {string} label @param {Node | string} content @param {string} [style] @returns {HTMLElement} */
function cell(label, content, style) {
  return element('td', style ? { 'data-label': label, class: style } : { 'data-label': label }, content);
}

/** @param {Item} item @param {number} index @returns {HTMLElement} */
function nameCell(item, index) {
  const made = cell('Name', itemLink(index));
  if (item.reason) made.append(element('span', { class: 'sub' }, item.reason));
  return made;
}

/** @param {number} index @returns {HTMLElement} */
function row(index) {
  const item = report.items[index];
  if (!item) return element('tr', {});
  return element(
    'tr',
    { 'data-row': String(index), 'data-outcome-is': item.outcome },
    cell('Outcome', badge(item.outcome)),
    nameCell(item, index),
    cell('Kind', item.kind, 'nowrap'),
    cell('Target', targetOf(item)),
    cell('Policy', policyOf(item)),
    cell('Attempts', String(item.attempts), item.attempts === 0 ? 'num zero' : 'num'),
    cell('Started', item.start === undefined ? '' : clock(item.start), 'nowrap'),
    cell('Took', item.took || '', 'num'),
  );
}

/** @param {number} size rows to the page */
function renderPage(size) {
  const from = page * size;
  const rows = shown.slice(from, from + size);
  byId('item-rows').replaceChildren(...rows.map(row));
  const all = report.items.length;
  const found = shown.length === all ? grouped(all) + ' resources' : grouped(shown.length) + ' of ' + grouped(all) + ' resources';
  byId('found').textContent = shown.length === 0 ? 'Nothing matches. Clear the filters to see all ' + grouped(all) + '.' : found;
  byId('page-text').textContent = shown.length === 0 ? '' : grouped(from + 1) + '–' + grouped(from + rows.length) + ' of ' + grouped(shown.length);
  byId('page-back').toggleAttribute('disabled', page === 0);
  byId('page-next').toggleAttribute('disabled', from + size >= shown.length);
}

/** @param {number} by */
function turnPage(by) {
  page += by;
  renderPage(pageSize);
  byId('items').scrollIntoView();
}

/** Shows the filter in the controls, and its effect. */
function applyFilter() {
  for (const button of document.querySelectorAll('[data-outcome]')) {
    const pressed = button.getAttribute('data-outcome') === filter.outcome;
    button.setAttribute('aria-pressed', String(pressed));
  }
  const text = byId('filter-text');
  if (text instanceof HTMLInputElement && text.value !== filter.text) text.value = filter.text;
  for (const name of /** @type {const} */ (['target', 'kind', 'policy'])) {
    const select = byId('filter-' + name);
    if (select instanceof HTMLSelectElement) select.value = filter[name];
  }
  refilter();
}

/** @param {Element} button */
function sortBy(button) {
  const column = button.getAttribute('data-sort') || '';
  order.descending = order.column === column && !order.descending;
  order.column = column;
  for (const head of document.querySelectorAll('.items th')) head.removeAttribute('aria-sort');
  const head = button.closest('th');
  if (head) head.setAttribute('aria-sort', order.descending ? 'descending' : 'ascending');
  refilter();
}

/** Leads from elsewhere on the page to the table, filtered. @param {Element} from */
function showItems(from) {
  const wanted = (/** @type {string} */ name) => from.getAttribute('data-show-' + name) || '';
  Object.assign(filter, { text: wanted('text'), outcome: wanted('outcome'), target: wanted('target'), kind: '', policy: '' });
  applyFilter();
  byId('items').scrollIntoView();
}

if (report.items.length > 0) {
  const filters = byId('filters');
  filters.addEventListener('submit', (event) => event.preventDefault());
  filters.addEventListener('reset', () => {
    Object.assign(filter, { text: '', outcome: '', target: '', kind: '', policy: '' });
    applyFilter();
  });
  filters.addEventListener('input', (event) => {
    const control = event.target;
    if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement)) return;
    const name = control.id.slice('filter-'.length);
    Object.assign(filter, { [name]: control.value });
    refilter();
  });
  byId('page-back').addEventListener('click', () => turnPage(-1));
  byId('page-next').addEventListener('click', () => turnPage(1));
  document.addEventListener('click', (event) => {
    const sort = around(event, 'data-sort');
    if (sort) return sortBy(sort);
    const outcome = around(event, 'data-outcome');
    if (outcome) {
      filter.outcome = outcome.getAttribute('data-outcome') || '';
      return applyFilter();
    }
    const shower = around(event, 'data-show-outcome') || around(event, 'data-show-target');
    if (!shower) return;
    event.preventDefault();
    showItems(shower);
  });
  // Paper gets every row that the filter lets through, within reason.
  addEventListener('beforeprint', () => renderPage(2000));
  addEventListener('afterprint', () => renderPage(pageSize));
  refilter();
}
`;
