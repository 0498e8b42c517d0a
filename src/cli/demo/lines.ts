import { formatDuration } from '../../report/format.js';
import { wrapText } from '../../report/wrap-text.js';
import type { Output } from '../output.js';
import { padded } from '../views/text.js';

/** Longer lines are hard to read, however wide the terminal is. */
const widest = 100;

export function paragraph(text: string, output: Output, indent = 2): string[] {
  return wrapText(text, widthFor(output) - indent).map((line) => ' '.repeat(indent) + line);
}

/** A label, and a text beside it in its own column. */
export function labelled(label: string, text: string, output: Output, at = 12): string[] {
  const lines = wrapText(text, widthFor(output) - at);
  return lines.map((line, index) => padded(index === 0 ? `  ${label}` : '', at) + line);
}

/** Says that a part of the stage is set. */
export function ready(label: string, text: string, output: Output): void {
  output.print(labelled(`${output.paint.green('✔')} ${label}`, text, output, 15).join('\n'));
}

/** Says that the worker was killed: when, and what that means. */
export function tellOfKill(pid: number, when: string, meaning: string, output: Output): void {
  const headline = output.paint.red(`✗ The worker was killed: kill -9 ${pid}, ${when}.`);
  output.print(['', headline, ...paragraph(meaning, output), ''].join('\n'));
}

/** Says that another worker goes on. @param took milliseconds since the kill */
export function tellOfTakeover(worker: number, took: number, output: Output): void {
  const text = `✔ Worker ${worker} has taken over, ${formatDuration(took)} after the kill.`;
  output.print(`\n${output.paint.green(text)}\n`);
}

export function widthFor({ columns }: Pick<Output, 'columns'>): number {
  return Math.max(50, Math.min(widest, columns - 1));
}
