import { type Ordering, compareNumbers, orderingOf } from './rpm.js';

/**
 * Compares two upstream versions, or two revisions, as dpkg does (Debian Policy, 5.6.12): by turns a run of
 * characters that aren't digits, then a run of digits. In the former letters come before all other characters, and
 * `~` before everything, the end included. An absent revision is the same as `0`.
 */
export function compareDpkg(a: string, b: string): Ordering {
  const [ours, theirs] = [turnsOf(a), turnsOf(b)];
  for (let turn = 0; turn < ours.length || turn < theirs.length; turn++) {
    const [x, y] = [ours[turn] ?? nothing, theirs[turn] ?? nothing];
    const order = compareOthers(x.others, y.others) || compareNumbers(x.digits, y.digits);
    if (order !== 0) return order;
  }
  return 0;
}

interface Turn {
  others: string;
  digits: string;
}

const nothing: Turn = { others: '', digits: '' };

function turnsOf(version: string): Turn[] {
  return Array.from(version.matchAll(/([^0-9]*)([0-9]*)/g), ([, others = '', digits = '']) => ({
    others,
    digits,
  }));
}

function compareOthers(a: string, b: string): Ordering {
  for (let index = 0; index < a.length || index < b.length; index++) {
    const order = orderingOf(weightOf(a, index) - weightOf(b, index));
    if (order !== 0) return order;
  }
  return 0;
}

function weightOf(text: string, index: number): number {
  const character = text.charAt(index);
  if (character === '') return 0;
  if (character === '~') return -1;
  const code = text.charCodeAt(index);
  // Beyond every letter, and still in the order of their own.
  return /[A-Za-z]/.test(character) ? code : code + 0x10000;
}
