import { RegexProblem } from './syntax.js';
import type { Anchor, Category, ClassItem, Flags, Regex } from './syntax.js';

type Settings = Required<Flags>;

/**
 * Writes a pattern of Python's for JavaScript, for the flags v (and i where case doesn't count).
 * Every character is written by its number, so none has a meaning it didn't have.
 */
export function emitRegex(regex: Regex, settings: Settings): string {
  switch (regex.kind) {
    case 'sequence':
      return regex.items.map((item) => emitRegex(item, settings)).join('');
    case 'choice':
      return `(?:${regex.options.map((option) => emitRegex(option, settings)).join('|')})`;
    case 'group':
      return emitGroup(regex, settings);
    case 'look':
      return emitLook(regex, settings);
    case 'repeat':
      return `(?:${emitRegex(regex.body, settings)})${quantifier(regex)}${regex.lazy ? '?' : ''}`;
    case 'character':
      return emitCharacter(regex.code);
    case 'any':
      return settings.dotAll ? '[\\s\\S]' : '[^\\n]';
    case 'class':
      return `[${regex.negative ? '^' : ''}${regex.items.map(emitClassItem).join('')}]`;
    case 'anchor':
      return emitAnchor(regex.at, settings);
  }
}

function emitGroup(group: Extract<Regex, { kind: 'group' }>, settings: Settings): string {
  const inner = { ...settings, ...group.flags };
  if (inner.ignoreCase !== settings.ignoreCase) {
    throw new RegexProblem("(?i:…) for a part of a pattern isn't supported by Nightshift");
  }
  return `(${group.capture ? '' : '?:'}${emitRegex(group.body, inner)})`;
}

function emitLook(look: Extract<Regex, { kind: 'look' }>, settings: Settings): string {
  const body = emitRegex(look.body, settings);
  return `(?${look.behind ? '<' : ''}${look.negative ? '!' : '='}${body})`;
}

function quantifier({ least, most }: { least: number; most: number }): string {
  return most === Infinity ? `{${least},}` : `{${least},${most}}`;
}

function emitCharacter(code: number): string {
  return `\\u{${code.toString(16)}}`;
}

function emitClassItem(item: ClassItem): string {
  if (item.kind === 'category') return categories[item.name];
  const from = emitCharacter(item.from);
  return item.from === item.to ? from : `${from}-${emitCharacter(item.to)}`;
}

const word = String.raw`\p{L}\p{N}_`;
const space = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

// What Python takes for digits, white space and words: Unicode's, and not JavaScript's.
const categories: Record<Category, string> = {
  d: String.raw`[\p{Nd}]`,
  D: String.raw`[^\p{Nd}]`,
  s: `[${space}]`,
  S: `[^${space}]`,
  w: `[${word}]`,
  W: `[^${word}]`,
};

const wordEdge = `(?:(?<=[${word}])(?![${word}])|(?<![${word}])(?=[${word}]))`;

function emitAnchor(at: Anchor, { multiline }: Settings): string {
  switch (at) {
    case 'start':
      return '(?<![\\s\\S])';
    case 'end':
      return '(?![\\s\\S])';
    case 'line-start':
      return multiline ? '(?<![^\\n])' : '(?<![\\s\\S])';
    case 'line-end':
      // Python's $ also stands before a last line feed.
      return multiline ? '(?![^\\n])' : '(?=\\n?(?![\\s\\S]))';
    case 'word-edge':
      return wordEdge;
    case 'inside-word':
      return `(?!${wordEdge})`;
  }
}
