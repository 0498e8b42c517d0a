/** The drawings: zoom, drag to move, and the neighbours of what is pointed at. */
export const graphScript = String.raw`
/** @param {SVGSVGElement} svg @param {number} zoom */
function setZoom(svg, zoom) {
  const bounded = Math.min(3, Math.max(0.1, zoom));
  svg.setAttribute('data-zoom-now', String(bounded));
  svg.setAttribute('width', String(svg.viewBox.baseVal.width * bounded));
  svg.setAttribute('height', String(svg.viewBox.baseVal.height * bounded));
}

/** The zoom at which a drawing is as wide as its frame: never above 1, nor so small that names are lost.
 * @param {SVGSVGElement} svg @param {number} least @returns {number} */
function fittingZoom(svg, least) {
  const frame = svg.parentElement ? svg.parentElement.clientWidth : 0;
  return Math.max(least, Math.min(1, frame / svg.viewBox.baseVal.width));
}

/** @param {Element} inside */
function fitGraphs(inside) {
  for (const svg of inside.querySelectorAll('svg.deps:not([data-zoom-now])')) {
    if (svg instanceof SVGSVGElement) setZoom(svg, fittingZoom(svg, 0.75));
  }
}
fitGraphs(document.body);

document.addEventListener('click', (event) => {
  const button = around(event, 'data-zoom');
  const body = button && button.closest('.graph-body');
  const svg = body && body.querySelector('svg.deps');
  if (!button || !(svg instanceof SVGSVGElement)) return;
  const now = Number(svg.getAttribute('data-zoom-now') || 1);
  const way = button.getAttribute('data-zoom');
  setZoom(svg, way === 'fit' ? fittingZoom(svg, 0.1) : way === 'in' ? now * 1.25 : now / 1.25);
});

/** @type {{ viewport: Element, x: number, y: number, left: number, top: number } | undefined} */
let drag;
document.addEventListener('pointerdown', (event) => {
  const viewport = event.target instanceof Element ? event.target.closest('.viewport') : null;
  // Touch already scrolls the frame.
  if (!viewport || event.pointerType !== 'mouse' || event.button !== 0) return;
  drag = { viewport, x: event.clientX, y: event.clientY, left: viewport.scrollLeft, top: viewport.scrollTop };
});
document.addEventListener('pointermove', (event) => {
  if (!drag) return;
  drag.viewport.classList.add('dragging');
  drag.viewport.scrollLeft = drag.left - (event.clientX - drag.x);
  drag.viewport.scrollTop = drag.top - (event.clientY - drag.y);
});
document.addEventListener('pointerup', () => {
  if (drag) drag.viewport.classList.remove('dragging');
  drag = undefined;
});

/** @type {Element | undefined} */
let traced;

/** Marks a node's neighbours and the edges to them. @param {Event} event */
function trace(event) {
  const node = event.target instanceof Element ? event.target.closest('.node') : null;
  const svg = node && node.closest('svg.deps');
  if (traced && traced !== svg) traced.classList.remove('tracing');
  traced = svg || undefined;
  if (!node || !svg) return;
  const key = node.getAttribute('data-node') || '';
  const near = new Set([key]);
  for (const edge of svg.querySelectorAll('.edge')) {
    const from = edge.getAttribute('data-from') || '';
    const to = edge.getAttribute('data-to') || '';
    const touches = from === key || to === key;
    edge.classList.toggle('near', touches);
    if (touches) near.add(from).add(to);
  }
  for (const other of svg.querySelectorAll('.node')) {
    other.classList.toggle('near', near.has(other.getAttribute('data-node') || ''));
  }
  svg.classList.toggle('tracing', near.size > 1);
}
document.addEventListener('pointerover', trace);
document.addEventListener('focusin', trace);
`;
