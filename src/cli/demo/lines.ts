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

function widthFor({ columns }: Output): number {
  return Math.max(50, Math.min(widest, columns - 1));
}
