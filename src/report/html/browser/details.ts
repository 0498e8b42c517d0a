/** The dialog with all about one item, opened from any name, bar or node. */
export const detailsScript = String.raw`
const dialog = byId('details');
const dialogBody = byId('details-body');

/** @param {number} index @returns {HTMLElement} */
function itemLink(index) {
  const item = report.items[index];
  const name = item ? item.name : '';
  return element('button', { type: 'button', class: 'item-name', 'data-item': String(index) }, name);
}

/** @param {(Node | string)[]} entries @returns {HTMLElement} */
function list(entries) {
  return element('ul', {}, ...entries.map((entry) => element('li', {}, entry)));
}

/** What could go only after this one. @param {number} index @returns {number[]} */
function waitingFor(index) {
  const after = [];
  for (let i = 0; i < report.items.length; i++) {
    const first = report.items[i]?.first;
    if (first && first.includes(index)) after.push(i);
  }
  return after;
}

/** @param {Item} item @param {number} index @returns {[string, Node | string | undefined][]} */
function facts(item, index) {
  const after = waitingFor(index);
  const mono = (/** @type {string} */ text) => element('span', { class: 'mono' }, text);
  const ended = item.open ? 'not ended' : item.took;
  return [
    ['Outcome', badge(item.outcome)],
    ['Reason', item.reason],
    ['Failure class', item.failureClass && mono(item.failureClass)],
    ['Kind', item.kind],
    ['Target', targetOf(item)],
    ['Policy', policyOf(item)],
    ['Id', mono(item.id)],
    ['Wave', item.wave === undefined ? undefined : String(item.wave)],
    ['Attempts', item.attempts + ' in ' + item.passes + (item.passes === 1 ? ' pass' : ' passes')],
    ['Started', item.start === undefined ? undefined : clock(item.start) + ' UTC'],
    ['Took', ended],
    ['Had to go first', item.first && list(item.first.map(itemLink))],
    ['In use by', item.blockedBy && list(item.blockedBy.map(mono))],
    ['Waited for this', after.length > 0 ? list(after.map(itemLink)) : undefined],
    ['Left behind', item.orphans && list(item.orphans.map(mono))],
  ];
}

/** @param {number} index */
function showDetails(index) {
  const item = report.items[index];
  if (!item || !(dialog instanceof HTMLDialogElement)) return;
  byId('details-title').textContent = item.name;
  const rows = element('dl', {});
  for (const [name, value] of facts(item, index)) {
    if (value !== undefined) rows.append(element('dt', {}, name), element('dd', {}, value));
  }
  const links = element('p', { class: 'links' });
  if (item.outcome === 'failed') {
    const href = '#item-' + index;
    links.append(element('a', { href, 'data-close': '' }, 'Its CloudFormation events'));
  }
  if (item.console) {
    links.append(element('a', { href: item.console, rel: 'noreferrer' }, 'Open in the AWS console'));
  }
  dialogBody.replaceChildren(rows, links);
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

document.addEventListener('click', (event) => {
  if (!(dialog instanceof HTMLDialogElement)) return;
  const opener = around(event, 'data-item');
  if (opener) return showDetails(Number(opener.getAttribute('data-item')));
  // A click on the backdrop reaches the dialog itself, one inside reaches what is in it.
  if (event.target === dialog || around(event, 'data-close')) dialog.close();
});
byId('details-close').addEventListener('click', () => {
  if (dialog instanceof HTMLDialogElement) dialog.close();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  // Nodes of a drawing are no buttons, so the keys that press one are taught to them.
  if (!(event.target instanceof SVGElement) || !event.target.hasAttribute('data-item')) return;
  event.preventDefault();
  showDetails(Number(event.target.getAttribute('data-item')));
});
`;
