import { parseClass } from './parse-class.js';
import { categoryOf, parseEscapedCharacter } from './parse-escape.js';
import { PatternReader } from './pattern-reader.js';
import { RegexProblem } from './syntax.js';
import type { Anchor, Flags, Regex } from './syntax.js';

export interface ParsedRegex {
  regex: Regex;
  /** From a `(?i)` at the very start. */
  flags: Flags;
  captures: number;
}

/** Reads a pattern of Python's `re`. Throws RegexProblem for what isn't one or isn't supported. */
export function parseRegex(pattern: string): ParsedRegex {
  const reader = new PatternReader(pattern);
  const flags = reader.takeMatch(/\(\?([a-zA-Z]+)\)/y);
  const parser = new RegexParser(reader);
  const parsed = { flags: flags ? readFlags(flags[1] ?? '') : {}, regex: parser.choice() };
  if (!reader.done) throw new RegexProblem('a ) has no ( before it');
  return { ...parsed, captures: parser.captures };
}

class RegexParser {
  captures = 0;
  private readonly names = new Set<string>();

  constructor(private readonly reader: PatternReader) {}

  choice(): Regex {
    const options = [this.sequence()];
    while (this.reader.take('|')) options.push(this.sequence());
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  private sequence(): Regex {
    const items: Regex[] = [];
    while (!this.reader.done && !this.reader.at('|') && !this.reader.at(')')) {
      const item = this.atom();
      if (item) items.push(this.repeated(item));
    }
    return { kind: 'sequence', items };
  }

  private atom(): Regex | undefined {
    const { reader } = this;
    if (reader.take('(')) return this.group();
    if (reader.take('[')) return parseClass(reader);
    if (reader.take('\\')) return this.escape();
    if (reader.take('.')) return { kind: 'any' };
    if (reader.take('^')) return { kind: 'anchor', at: 'line-start' };
    if (reader.take('$')) return { kind: 'anchor', at: 'line-end' };
    if (/^[*+?]$/.test(reader.peek()) || this.quantifier()) {
      throw new RegexProblem('there is nothing to repeat');
    }
    return { kind: 'character', code: reader.next() };
  }

  private escape(): Regex {
    const letter = this.reader.peek();
    const at = anchors[letter];
    if (at) {
      this.reader.next();
      return { kind: 'anchor', at };
    }
    const category = categoryOf(letter);
    if (category) {
      this.reader.next();
      return { kind: 'class', negative: false, items: [{ kind: 'category', name: category }] };
    }
    if (/[1-9]/.test(letter) && !this.reader.atMatch(/[1-3][0-7][0-7]/y)) {
      throw new RegexProblem(`the back reference \\${letter} isn't supported by Nightshift`);
    }
    return { kind: 'character', code: parseEscapedCharacter(this.reader) };
  }

  private group(): Regex | undefined {
    const { reader } = this;
    if (!reader.take('?')) return this.captured();
    if (reader.take('#')) {
      if (!reader.takeMatch(/[^)]*\)/y)) throw new RegexProblem('a comment has no end');
      return undefined;
    }
    const name = reader.takeMatch(/P<([^>]*)>/y);
    if (name) return this.named(name[1] ?? '');
    for (const [opening, look] of Object.entries(looks)) {
      if (reader.take(opening)) return { kind: 'look', body: this.body(), ...look };
    }
    const flags = reader.takeMatch(/([a-zA-Z]*)(?:-([a-zA-Z]+))?:/y);
    if (!flags)
      throw new RegexProblem(`the group (?${reader.peek()} isn't supported by Nightshift`);
    return {
      kind: 'group',
      capture: false,
      flags: { ...readFlags(flags[1] ?? ''), ...readFlags(flags[2] ?? '', false) },
      body: this.body(),
    };
  }

  private named(name: string): Regex {
    if (!/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(name) || this.names.has(name)) {
      throw new RegexProblem(
        `the group name ${JSON.stringify(name)} is not allowed or not the first`,
      );
    }
    this.names.add(name);
    return this.captured();
  }

  private captured(): Regex {
    this.captures += 1;
    return { kind: 'group', capture: true, flags: {}, body: this.body() };
  }

  private body(): Regex {
    const body = this.choice();
    if (!this.reader.take(')')) throw new RegexProblem('a ( has no ) after it');
    return body;
  }

  private repeated(body: Regex): Regex {
    const quantifier = this.quantifier(true);
    if (!quantifier) return body;
    if (body.kind === 'anchor') {
      // Python refuses some of these and takes others; none is of use.
      throw new RegexProblem('an anchor or \\b is repeated');
    }
    const [least, most] = quantifier;
    if (least > most)
      throw new RegexProblem(`{${least},${most}} has its numbers the wrong way round`);
    const lazy = this.reader.take('?');
    if (!lazy && this.reader.at('+')) {
      throw new RegexProblem("possessive repeats aren't supported by Nightshift");
    }
    if (this.quantifier()) throw new RegexProblem('a repeat is repeated');
    return { kind: 'repeat', body, least, most, lazy };
  }

  // A { that isn't followed by numbers and } is a character like others.
  private quantifier(take = false): [number, number] | undefined {
    const found = this.reader.match(/[*+?]|\{(\d+)\}|\{(\d*),(\d*)\}/y);
    if (!found) return undefined;
    if (take) this.reader.skip(found[0]);
    const [text, exactly, least, most] = found;
    if (text === '*') return [0, Infinity];
    if (text === '+') return [1, Infinity];
    if (text === '?') return [0, 1];
    if (exactly !== undefined) return [Number(exactly), Number(exactly)];
    // Python takes {,} for *.
    return [Number(least ?? ''), most ? Number(most) : Infinity];
  }
}

const looks = {
  '=': { behind: false, negative: false },
  '!': { behind: false, negative: true },
  '<=': { behind: true, negative: false },
  '<!': { behind: true, negative: true },
};

const anchors: Partial<Record<string, Anchor>> = {
  A: 'start',
  Z: 'end',
  b: 'word-edge',
  B: 'inside-word',
};

const flagNames: Partial<Record<string, Flags>> = {
  i: { ignoreCase: true },
  m: { multiline: true },
  s: { dotAll: true },
  // Text is Unicode in Python unless said otherwise.
  u: {},
};

function readFlags(letters: string, on = true): Flags {
  return Array.from(letters).reduce<Flags>((flags, letter) => {
    const flag = flagNames[letter];
    if (!flag)
      throw new RegexProblem(`the flag ${letter} isn't supported by Nightshift; i, m and s are`);
    const names = Object.keys(flag).map((name) => [name, on] as const);
    return { ...flags, ...Object.fromEntries(names) };
  }, {});
}
