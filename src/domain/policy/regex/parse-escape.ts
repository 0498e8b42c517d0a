import type { PatternReader } from './pattern-reader.js';
import { RegexProblem } from './syntax.js';
import type { Category } from './syntax.js';

const categories: Partial<Record<string, Category>> = {
  d: 'd',
  D: 'D',
  s: 's',
  S: 'S',
  w: 'w',
  W: 'W',
};

export function categoryOf(letter: string): Category | undefined {
  return categories[letter];
}

const controls: Partial<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** The character that follows a backslash stands for. Python refuses letters without a meaning. */
export function parseEscapedCharacter(reader: PatternReader): number {
  const hex =
    reader.takeMatch(/x([\da-fA-F]{2})/y) ??
    reader.takeMatch(/u([\da-fA-F]{4})/y) ??
    reader.takeMatch(/U([\da-fA-F]{8})/y);
  if (hex) {
    const code = parseInt(hex[1] ?? '', 16);
    if (code > 0x10ffff) throw new RegexProblem(`\\${hex[0]} is beyond Unicode`);
    return code;
  }
  const octal = reader.takeMatch(/0[0-7]{0,2}|[0-3][0-7]{2}/y);
  if (octal) return parseInt(octal[0], 8);
  const letter = reader.peek();
  const code = reader.next();
  if (!/[a-zA-Z0-9]/.test(letter)) return code;
  const control = controls[letter];
  if (control === undefined) throw new RegexProblem(`the escape \\${letter} has no meaning`);
  return control;
}
