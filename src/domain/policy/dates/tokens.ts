/**
 * Cuts text into the pieces that dates are read from: words, numbers, and single other characters.
 * A dot or comma belongs to a number when it is its only one (`21.447`, `21,447`) and separates
 * otherwise (`Sep.20.2009`), as python-dateutil has it.
 */
export function dateTokens(text: string): string[] {
  const tokens: string[] = [];
  for (const match of text.replaceAll('\0', '').matchAll(piece)) {
    const [run] = match;
    if (/^\s$/.test(run)) tokens.push(' ');
    else if (/[.,]/.test(run) && run.length > 1) {
      const atEnd = match.index + run.length === match.input.length;
      tokens.push(...splitRun(run, atEnd));
    } else tokens.push(run);
  }
  return tokens;
}

const group = String.raw`(?:\p{L}+|\d+)`;
const dotted = String.raw`(?:\.${group}?)*`;
const piece = new RegExp(String.raw`\d{2,},\d*${dotted}|${group}${dotted}|[^]`, 'gu');

function splitRun(run: string, atEnd: boolean): string[] {
  const dots = run.split('.').length - 1;
  if (hasWord(run, atEnd) || dots > 1 || /[.,]$/.test(run)) {
    return run.split(/([.,])/).filter((part) => part !== '');
  }
  return [dots === 0 ? run.replaceAll(',', '.') : run];
}

// A single letter that ends both the number and the text goes unnoticed there: `1.t` stays whole,
// `1.t ` does not.
function hasWord(run: string, atEnd: boolean): boolean {
  return /\p{L}/u.test(atEnd && /^\d/.test(run) ? run.replace(/\p{L}$/u, '') : run);
}
