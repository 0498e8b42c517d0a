/** Marks, in the navigation, the section that is being read. */
export const navigationScript = String.raw`
/** @type {Map<Element, Element>} */
const linkOf = new Map();
for (const link of document.querySelectorAll('.sections a')) {
  const section = document.getElementById((link.getAttribute('href') || '').slice(1));
  if (section) linkOf.set(section, link);
}

function markSection() {
  let reading;
  for (const section of linkOf.keys()) {
    if (section.getBoundingClientRect().top < 120) reading = section;
  }
  for (const [section, link] of linkOf) {
    if (section === reading) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}

let marking = false;
addEventListener('scroll', () => {
  if (marking) return;
  marking = true;
  requestAnimationFrame(() => {
    marking = false;
    markSection();
  });
}, { passive: true });
`;
