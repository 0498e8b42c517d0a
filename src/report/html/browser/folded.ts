/** What is folded up: built when opened, a hundred more at a time, and all of it for paper. */
export const foldedScript = String.raw`
/** Puts what waits in a template in its place. @param {Element} parent */
function unfold(parent) {
  for (const child of parent.querySelectorAll(':scope > template')) {
    if (child instanceof HTMLTemplateElement) child.replaceWith(child.content);
  }
}

// 'toggle' does not bubble, so it is caught on its way down.
document.addEventListener(
  'toggle',
  (event) => {
    if (event.target instanceof HTMLDetailsElement && event.target.open) {
      unfold(event.target);
      fitGraphs(event.target);
    }
  },
  true,
);
for (const details of document.querySelectorAll('details[open]')) unfold(details);

/** @param {Element} button @param {number} chunks */
function showMore(button, chunks) {
  const parent = button.parentElement;
  if (!parent) return;
  for (const template of [...parent.querySelectorAll(':scope > template.chunk')].slice(0, chunks)) {
    if (template instanceof HTMLTemplateElement) template.replaceWith(template.content);
  }
  const left = Number(button.getAttribute('data-left')) - 100 * chunks;
  if (left <= 0) return button.remove();
  const noun = button.getAttribute('data-noun') || '';
  button.setAttribute('data-left', String(left));
  button.textContent = 'Show more ' + noun + ' (' + left + ' left)';
}

document.addEventListener('click', (event) => {
  const more = around(event, 'data-left');
  if (more) return showMore(more, 1);
  const toggle = around(event, 'data-toggle-all');
  if (!toggle) return;
  const lanes = document.querySelectorAll('#' + toggle.getAttribute('data-toggle-all') + ' details');
  const open = toggle.textContent === 'Open all';
  for (const lane of lanes) if (lane instanceof HTMLDetailsElement) lane.open = open;
  toggle.textContent = open ? 'Close all' : 'Open all';
});

/** The failures' cards beyond the first hundred are put in place before one is led to. */
addEventListener('hashchange', () => {
  if (!location.hash.startsWith('#item-') || document.querySelector(location.hash)) return;
  for (const more of document.querySelectorAll('#failures [data-left]')) showMore(more, Infinity);
  const card = document.getElementById(location.hash.slice(1));
  if (card) card.scrollIntoView();
});

/** @type {HTMLDetailsElement[]} */
let openedForPaper = [];
addEventListener('beforeprint', () => {
  const folded = [...document.querySelectorAll('.events, .lane, .graph')];
  // A fleet would fill thousands of pages: there, paper shows what was opened.
  if (report.items.length > 600) return;
  for (const details of folded) {
    if (!(details instanceof HTMLDetailsElement) || details.open) continue;
    unfold(details);
    details.open = true;
    openedForPaper.push(details);
  }
});
addEventListener('afterprint', () => {
  for (const details of openedForPaper) details.open = false;
  openedForPaper = [];
});
`;
