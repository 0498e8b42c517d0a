import { createHash } from 'node:crypto';
import type { RunResult } from '../../domain/cleanup/result.js';
import { formatCount, formatTime } from '../format.js';
import { reportModel, type ReportModel } from '../model.js';
import { blockedSection, skippedSection } from './blocked.js';
import { clientScript } from './browser/index.js';
import { failuresSection } from './failures.js';
import { graphSection } from './graph.js';
import { runHeader, topBar, totalTiles } from './header.js';
import { favicon, icon, iconSprite } from './icons.js';
import { itemsSection } from './items.js';
import { jsonMarkup, markup, trusted, type Markup } from './markup.js';
import { orphansSection } from './orphans.js';
import { reportPayload } from './payload.js';
import { stylesheet } from './styles/index.js';
import { targetsSection } from './targets.js';
import { timelineSection } from './timeline.js';

export interface HtmlReportOptions {
  title?: string;
  /** Printed at the foot of the page; left out when absent. */
  generatedAt?: Date;
}

/**
 * The report of a run: one HTML file that needs no network and may be mailed, archived or attached to
 * a CI job. Its policy lets only its own script run and nothing be loaded, so that a stack's name can do
 * no harm even if it were not escaped, which it is.
 */
export function renderHtmlReport(result: RunResult, options: HtmlReportOptions = {}): string {
  const model = reportModel(result);
  const title = options.title ?? 'Cleanup report';
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(contentPolicy())}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title} · ${result.runId}</title>
<link rel="icon" href="${trusted(favicon)}">
<style>${trusted(stylesheet)}</style>
</head>
<body>
${iconSprite()}
<a class="skip-link" href="#main">Skip to the report</a>
${topBar()}
<main id="main" class="wrap">
${runHeader(model, title)}${totalTiles(model)}${navigation(model)}
${targetsSection(model)}${failuresSection(model)}${blockedSection(model)}${skippedSection(model)}${orphansSection(model)}${timelineSection(model)}${graphSection(model)}${itemsSection(model)}</main>
${footer(result, options.generatedAt)}
<dialog id="details" aria-labelledby="details-title"><div class="dialog-head"><h2 id="details-title"></h2><button type="button" class="button quiet" id="details-close" aria-label="Close">${icon('close')}</button></div><div id="details-body"></div></dialog>
<div id="tooltip" role="tooltip" hidden></div>
<script type="application/json" id="report-data">${jsonMarkup(reportPayload(model))}</script>
<script>${trusted(clientScript)}</script>
</body>
</html>
`;
  return page.text;
}

/** Allows the one script by its hash, so an injected one could not run. Styles are inline throughout. */
function contentPolicy(): string {
  const hash = createHash('sha256').update(clientScript).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
}

function navigation(model: ReportModel): Markup {
  const { totals, targets } = model.result;
  const links: [string, string, number?][] = [
    ['targets', 'Targets', targets.length],
    ['failures', 'Failures', totals.failed],
    ['blocked', 'Blocked', totals.blocked],
    ['skipped', 'Skipped', totals.skipped],
    ['orphans', 'Orphans', totals.orphaned],
    ['timeline', 'Timeline'],
    ['graph', 'Dependencies'],
    ['items', 'All resources', model.items.length],
  ];
  return markup`<nav class="sections" aria-label="Sections"><ul>${links.map(
    ([id, label, count]) =>
      markup`<li><a href="#${id}">${label}${count !== undefined && markup` <b>${formatCount(count)}</b>`}</a></li>`,
  )}</ul></nav>`;
}

function footer(result: RunResult, generatedAt: Date | undefined): Markup {
  const when = generatedAt && ` Generated ${formatTime(generatedAt.getTime())}.`;
  return markup`<footer class="wrap"><p>Run ${result.runId} of workflow ${result.workflowId}.${when} All times are UTC. This file loads nothing from the network.</p></footer>`;
}
