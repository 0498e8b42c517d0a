import type { LineStatus } from '../../../domain/images/result.js';
import { formatTime } from '../../format.js';
import { plainScript } from '../../html/browser/index.js';
import { framed, navigation, type SectionLink } from '../../html/frame.js';
import { markup, type Markup } from '../../html/markup.js';
import { lineStylesheet } from '../../html/styles/index.js';
import { missingFor } from '../matrix.js';
import { lineHeader, lineTiles } from './header.js';
import { matrixSection } from './matrix-section.js';
import { failingSection, heldSection } from './problems.js';

export interface LineReportOptions {
  title?: string;
  /** Printed at the foot of the page; left out when absent. */
  generatedAt?: Date;
}

/** How a line stands, as one HTML file: its images as a matrix, and why some are not there. */
export function renderLineReport(status: LineStatus, options: LineReportOptions = {}): string {
  const { line, channel } = status;
  const title = options.title ?? `Images of ${line}/${channel}`;
  return framed({
    title: `${title} · Nightshift`,
    styles: lineStylesheet,
    script: plainScript,
    main: markup`${lineHeader(status, title)}${lineTiles(status)}${navigation(sections(status))}
${matrixSection(status)}${heldSection(status)}${failingSection(status)}`,
    after: footer(status, options.generatedAt),
  });
}

function sections({ cells }: LineStatus): SectionLink[] {
  const held = cells.filter(({ state }) => state === 'held').length;
  const failing = cells.filter((cell) => missingFor(cell) === 'retry').length;
  return [
    ['matrix', 'Images', cells.length],
    ['held', 'Held', held],
    ['failing', 'To be tried again', failing],
  ];
}

function footer({ line, channel }: LineStatus, generatedAt: Date | undefined): Markup {
  const when = generatedAt && ` Generated ${formatTime(generatedAt.getTime())}.`;
  return markup`<footer class="wrap"><p>Line ${line}, channel ${channel}.${when} All times are UTC. This file loads nothing from the network.</p></footer>`;
}
