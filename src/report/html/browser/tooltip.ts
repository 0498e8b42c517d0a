/** One tooltip for every bar and node, on hover and on focus alike. */
export const tooltipScript = String.raw`
const tooltip = byId('tooltip');

/** @param {Element} over @returns {string} */
function tooltipText(over) {
  const item = itemOf(over);
  if (!item) return (over.getAttribute('data-name') || '') + '\noutside the selection';
  const lines = [item.name, item.outcome + (item.open ? ', not ended' : '')];
  if (item.start !== undefined) lines.push(clock(item.start) + ' UTC, took ' + item.took);
  if (item.outcome !== 'deleted' && item.reason) {
    lines.push(item.reason.length > 160 ? item.reason.slice(0, 159) + '…' : item.reason);
  }
  return lines.join('\n');
}

/** @param {Event} event */
function showTooltip(event) {
  const row = event.target instanceof Element ? event.target.closest('.bars li, .node') : null;
  const over = row && (row.querySelector('.bar') || row);
  tooltip.hidden = over === null;
  if (!over) return;
  tooltip.textContent = tooltipText(over);
  const box = over.getBoundingClientRect();
  const size = tooltip.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left), innerWidth - size.width - 8);
  const above = box.top - size.height - 8;
  tooltip.style.left = Math.max(8, left) + 'px';
  tooltip.style.top = (above < 8 ? box.bottom + 8 : above) + 'px';
}

document.addEventListener('pointerover', showTooltip);
document.addEventListener('focusin', showTooltip);
document.addEventListener('focusout', () => { tooltip.hidden = true; });
document.addEventListener('scroll', () => { tooltip.hidden = true; }, true);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') tooltip.hidden = true;
});
`;
