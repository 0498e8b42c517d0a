import type { RunResult } from '../../domain/cleanup/result.js';
import { formatTime } from '../format.js';
import { reportModel, type ReportModel } from '../model.js';
import { blockedSection, skippedSection } from './blocked.js';
import { clientScript } from './browser/index.js';
import { failuresSection } from './failures.js';
import { framed, navigation, type SectionLink } from './frame.js';
import { graphSection } from './graph.js';
import { runHeader, totalTiles } from './header.js';
import { icon } from './icons.js';
import { itemsSection } from './items.js';
import { jsonMarkup, markup, type Markup } from './markup.js';
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

/** The report of a run, as {@link framed} makes files. */
export function renderHtmlReport(result: RunResult, options: HtmlReportOptions = {}): string {
  const model = reportModel(result);
  const title = options.title ?? 'Cleanup report';
  return framed({
    title: `${title} · ${result.runId}`,
    styles: stylesheet,
    script: clientScript,
    main: markup`${runHeader(model, title)}${totalTiles(model)}${navigation(sections(model))}
${targetsSection(model)}${failuresSection(model)}${blockedSection(model)}${skippedSection(model)}${orphansSection(model)}${timelineSection(model)}${graphSection(model)}${itemsSection(model)}`,
    after: markup`${footer(result, options.generatedAt)}
<dialog id="details" aria-labelledby="details-title"><div class="dialog-head"><h2 id="details-title"></h2><button type="button" class="button quiet" id="details-close" aria-label="Close">${icon('close')}</button></div><div id="details-body"></div></dialog>
<div id="tooltip" role="tooltip" hidden></div>
<script type="application/json" id="report-data">${jsonMarkup(reportPayload(model))}</script>`,
  });
}

function sections(model: ReportModel): SectionLink[] {
  const { totals, targets } = model.result;
  return [
    ['targets', 'Targets', targets.length],
    ['failures', 'Failures', totals.failed],
    ['blocked', 'Blocked', totals.blocked],
    ['skipped', 'Skipped', totals.skipped],
    ['orphans', 'Orphans', totals.orphaned],
    ['timeline', 'Timeline'],
    ['graph', 'Dependencies'],
    ['items', 'All resources', model.items.length],
  ];
}

function footer(result: RunResult, generatedAt: Date | undefined): Markup {
  const when = generatedAt && ` Generated ${formatTime(generatedAt.getTime())}.`;
  return markup`<footer class="wrap"><p>Run ${result.runId} of workflow ${result.workflowId}.${when} All times are UTC. This file loads nothing from the network.</p></footer>`;
}
