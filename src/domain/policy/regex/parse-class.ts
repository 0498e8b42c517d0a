import { categoryOf, parseEscapedCharacter } from './parse-escape.js';
import type { PatternReader } from './pattern-reader.js';
import { RegexProblem } from './syntax.js';
import type { ClassItem, Regex } from './syntax.js';

const backspace = 8;

/** Reads a `[…]` whose bracket has been passed. */
export function parseClass(reader: PatternReader): Regex {
  const negative = reader.take('^');
  const items: ClassItem[] = [];
  // A ] that comes first is a character.
  while (items.length === 0 || !reader.take(']')) items.push(classItem(reader));
  return { kind: 'class', negative, items };
}

function classItem(reader: PatternReader): ClassItem {
  const from = member(reader);
  // A - that comes last is a character.
  if (!reader.at('-') || reader.at('-]')) return from;
  reader.skip('-');
  const to = member(reader);
  if (from.kind === 'category' || to.kind === 'category' || from.from > to.from) {
    throw new RegexProblem('a range in [ ] has no order');
  }
  return { kind: 'range', from: from.from, to: to.from };
}

function member(reader: PatternReader): ClassItem {
  if (!reader.take('\\')) return single(reader.next());
  const category = categoryOf(reader.peek());
  if (category) {
    reader.next();
    return { kind: 'category', name: category };
  }
  if (reader.take('b')) return single(backspace);
  if (reader.atMatch(/[1-9]/y) && !reader.atMatch(/[1-3][0-7]{2}/y)) {
    throw new RegexProblem(`the escape \\${reader.peek()} has no meaning in [ ]`);
  }
  return single(parseEscapedCharacter(reader));
}

function single(code: number): ClassItem {
  return { kind: 'range', from: code, to: code };
}
