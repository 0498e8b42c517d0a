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

/** What the tooltip tells about. @type {Element | null} */
let told = null;

function placeTooltip() {
  tooltip.hidden = told === null;
  if (!told) return;
  const box = told.getBoundingClientRect();
  const size = tooltip.getBoundingClientRect();
  const left = Math.min(Math.max(8, box.left), innerWidth - size.width - 8);
  const above = box.top - size.height - 8;
  tooltip.style.left = Math.max(8, left) + 'px';
  tooltip.style.top = (above < 8 ? box.bottom + 8 : above) + 'px';
}

/** @param {Event} event */
function showTooltip(event) {
  const row = event.target instanceof Element ? event.target.closest('.bars li, .node') : null;
  told = row && (row.querySelector('.bar') || row);
  if (told) tooltip.textContent = tooltipText(told);
  placeTooltip();
}

function hideTooltip() {
  told = null;
  placeTooltip();
}

document.addEventListener('pointerover', showTooltip);
document.addEventListener('focusin', showTooltip);
document.addEventListener('focusout', hideTooltip);
// Focus may scroll what it lands on into view: the tooltip goes along rather than away.
document.addEventListener('scroll', placeTooltip, { capture: true, passive: true });
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') hideTooltip();
});
`;
