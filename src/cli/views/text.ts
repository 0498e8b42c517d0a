import { wrapText } from '../../report/wrap-text.js';
import type { Colours } from '../output.js';

const colourCode = /(\u001b\[[\d;]*m)/;

/** Columns that a text takes on the screen: its colours take none. */
export function widthOf(text: string): number {
  return text
    .split(colourCode)
    .filter((_, index) => index % 2 === 0)
    .join('').length;
}

/** Cuts a line to so many columns, its colours kept whole. */
export function cut(line: string, columns: number): string {
  if (widthOf(line) <= columns) return line;
  let room = columns - 1;
  let whole = true;
  return line
    .split(colourCode)
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = part.slice(0, Math.max(0, room));
      room -= kept.length;
      if (kept === part || !whole) return kept;
      whole = false;
      return `${kept}…`;
    })
    .join('');
}

/** Pads on the right to so many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)));
}

/** Names one after another, in lines of at most so many columns. */
export function flow(names: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const name of names) {
    const longer = line === '' ? name : `${line}  ${name}`;
    if (line !== '' && widthOf(longer) > columns) {
      lines.push(line);
      line = name;
    } else line = longer;
  }
  return line === '' ? lines : [...lines, line];
}

/** A label, and beside it, from column `at` on, a text that is wrapped within its own column. */
export function hanging(label: string, text: string, at: number, columns: number): string[] {
  return wrapped(text, at, columns).map(
    (line, index) => padded(index === 0 ? label : '', at) + line.trimStart(),
  );
}

/** A text in lines that fit beside an indent of `at` columns. */
export function wrapped(text: string, at: number, columns: number): string[] {
  return wrapText(text, Math.max(20, columns - at));
}

export function bar(done: number, total: number, width: number, colours: Colours): string {
  const filled = total === 0 ? 0 : Math.floor((done / total) * width);
  return colours.green('█'.repeat(filled)) + colours.dim('░'.repeat(width - filled));
}
