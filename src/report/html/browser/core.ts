/** The page's script is JavaScript, checked by TypeScript from its JSDoc in `client-script.test.ts`. */
export const coreScript = String.raw`
/**
 * @typedef {{ target: number, policy: number, kind: string, outcome: string, name: string, id: string,
 *   attempts: number, passes: number, wave?: number, reason?: string, failureClass?: string, start?: number,
 *   duration?: number, took?: string, open?: true, first?: number[], blockedBy?: string[], orphans?: string[],
 *   console?: string }} Item
 * @typedef {{ runStart: number, targets: string[], policies: string[], items: Item[] }} Payload
 */

/** @type {Payload} */
const report = JSON.parse(byId('report-data').textContent || '');

/**
 * Makes an element. Text only ever becomes a text node, never markup.
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} name @returns {SVGSVGElement} */
function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', '#i-' + name);
  svg.append(use);
  return svg;
}

/** @param {string} outcome @returns {HTMLElement} */
function badge(outcome) {
  const label = outcome.charAt(0).toUpperCase() + outcome.slice(1);
  return element('span', { class: 'badge ' + outcome }, icon(outcome), label);
}

/** @param {Item} item @returns {string} */
function targetOf(item) {
  return report.targets[item.target] || '';
}

/** @param {Item} item @returns {string} */
function policyOf(item) {
  return report.policies[item.policy] || '';
}

/** @param {number} count @returns {string} */
function grouped(count) {
  return count.toLocaleString('en-US');
}

/** @param {number} time milliseconds since the epoch @returns {string} the time of day in UTC */
function clock(time) {
  return new Date(time).toISOString().slice(11, 19);
}

/** The nearest element around an event that carries an attribute, its own included.
 * @param {Event} event @param {string} attribute @returns {Element | null} */
function around(event, attribute) {
  return event.target instanceof Element ? event.target.closest('[' + attribute + ']') : null;
}

/** @param {Element | null} from @returns {Item | undefined} */
function itemOf(from) {
  const index = from && from.getAttribute('data-item');
  return index === null ? undefined : report.items[Number(index)];
}
`;
