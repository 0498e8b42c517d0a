import type { RunResult } from '../domain/cleanup/result.js';
import { failureAdvice } from './advice.js';
import { formatCount, formatDuration, formatTime, plural } from './format.js';
import { reportModel, type ReportItem, type ReportModel } from './model.js';
import { wrapText } from './wrap-text.js';

const width = 80;
const listed = 10;

/** The end of a run in plain text, no line wider than 80 columns: for a terminal, a log, a mail. */
export function renderTextSummary(result: RunResult): string {
  const model = reportModel(result);
  const lines = [
    ...paragraph(`Cleanup ${result.status} in ${formatDuration(model.duration)}`, 0),
    ...(result.reason === undefined ? [] : paragraph(result.reason, 2)),
    '',
    ...totalLines(model),
    ...targetLines(model),
    ...itemLines(model, 'failed', 'Failed'),
    ...itemLines(model, 'blocked', 'Blocked'),
    ...orphanLines(model),
    '',
    ...paragraph(`Run ${result.runId} of ${result.workflowId}, ${formatTime(model.span.start)}`, 0),
  ];
  return `${lines.join('\n')}\n`;
}

function paragraph(text: string, indent: number): string[] {
  return wrapText(text, width - indent).map((line) => ' '.repeat(indent) + line);
}

function totalLines({ result }: ReportModel): string[] {
  const { totals, awsCalls } = result;
  const rows: [string, number][] = [
    ['deleted', totals.deleted],
    ['skipped', totals.skipped],
    ['blocked', totals.blocked],
    ['failed', totals.failed],
    ['orphaned', totals.orphaned],
    ['AWS calls', awsCalls],
  ];
  return rows.map(([name, count]) => `  ${name.padEnd(10)} ${formatCount(count).padStart(9)}`);
}

function targetLines({ targets }: ReportModel): string[] {
  const broken = targets.filter((target) => target.result.error !== undefined);
  if (broken.length === 0) return [];
  const shown = broken
    .slice(0, listed)
    .flatMap(({ name, result: { error } }) => [
      ...paragraph(`${name}: ${error?.code ?? ''} ${error?.message ?? ''}`, 2),
      ...(error?.hint === undefined ? [] : paragraph(`-> ${error.hint}`, 4)),
    ]);
  return ['', `Targets that could not be worked on: ${broken.length}`, ...shown, ...more(broken)];
}

function itemLines(model: ReportModel, outcome: 'failed' | 'blocked', title: string): string[] {
  const items = model.items.filter((item) => item.result.outcome === outcome);
  if (items.length === 0) return [];
  const shown = items.slice(0, listed).flatMap((item) => oneItem(item, outcome));
  return ['', `${title}: ${formatCount(items.length)}`, ...shown, ...more(items)];
}

function oneItem({ result, target }: ReportItem, outcome: 'failed' | 'blocked'): string[] {
  const holders = (result.blockedBy ?? []).map((reference) => reference.name).join(', ');
  return [
    ...paragraph(`${target.name}  ${result.kind} ${result.name}`, 2),
    ...(result.reason === undefined ? [] : paragraph(result.reason, 4)),
    ...(holders === '' ? [] : paragraph(`in use by ${holders}`, 4)),
    ...(outcome === 'failed' ? paragraph(`-> ${failureAdvice(result)}`, 4) : []),
  ];
}

function orphanLines({ orphans }: ReportModel): string[] {
  if (orphans.length === 0) return [];
  const shown = orphans
    .slice(0, listed)
    .flatMap(({ item, orphan }) => [
      ...paragraph(
        `${item.target.name}  ${orphan.type} ${orphan.physicalId ?? orphan.logicalId}`,
        2,
      ),
      ...paragraph(`left by ${item.result.name}: ${orphan.reason}`, 4),
    ]);
  return ['', `Left behind: ${plural(orphans.length, 'resource')}`, ...shown, ...more(orphans)];
}

function more(all: readonly unknown[]): string[] {
  const left = all.length - listed;
  return left > 0 ? [`  and ${formatCount(left)} more`] : [];
}
