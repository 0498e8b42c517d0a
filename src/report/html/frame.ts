import { createHash } from 'node:crypto';
import { formatCount } from '../format.js';
import { favicon, icon, iconSprite } from './icons.js';
import { markup, trusted, type Markup } from './markup.js';

export interface Frame {
  /** Of the window. */
  title: string;
  /** Constants of ours: what comes with a result is in the body. */
  styles: string;
  script: string;
  main: Markup;
  /** What stands below the main part, the footer first. */
  after: Markup;
}

/**
 * One HTML file that needs no network and may be mailed, archived or attached to a CI job. Its policy lets only its own
 * script run and nothing be loaded, so that a name can do no harm even if it were not escaped, which it is.
 */
export function framed({ title, styles, script, main, after }: Frame): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(contentPolicy(script))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="${trusted(favicon)}">
<style>${trusted(styles)}</style>
</head>
<body>
${iconSprite()}
<a class="skip-link" href="#main">Skip to the report</a>
${topBar()}
<main id="main" class="wrap">
${main}</main>
${after}
<script>${trusted(script)}</script>
</body>
</html>
`;
  return page.text;
}

/** Allows the one script by its hash, so an injected one could not run. Styles are inline throughout. */
function contentPolicy(script: string): string {
  const hash = createHash('sha256').update(script).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function topBar(): Markup {
  return markup`<header class="top"><div class="wrap"><span class="brand">${icon('moon')}Nightshift</span><button type="button" class="button quiet" id="theme">${icon('theme')}<span>Theme: system</span></button></div></header>`;
}

/** The way to a section, with how much there is. */
export type SectionLink = readonly [id: string, label: string, count?: number];

export function navigation(links: readonly SectionLink[]): Markup {
  return markup`<nav class="sections" aria-label="Sections"><ul>${links.map(
    ([id, label, count]) =>
      markup`<li><a href="#${id}">${label}${count !== undefined && markup` <b>${formatCount(count)}</b>`}</a></li>`,
  )}</ul></nav>`;
}
