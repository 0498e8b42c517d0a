import { checkCaptures, checkRegex } from './check.js';
import { emitRegex } from './emit.js';
import { parseRegex } from './parse.js';
import { RegexProblem } from './syntax.js';

/** A test like Python's `re.match`: from the start of the text, not necessarily to its end. */
export type MatchStart = (text: string) => RegExpExecArray | null;

/** Compiles a pattern of Python's. Throws RegexProblem for what isn't one or isn't supported. */
export function compileRegex(pattern: string, { ignoreCase }: { ignoreCase: boolean }): MatchStart {
  const { regex, flags } = parseRegex(pattern);
  checkRegex(regex);
  const settings = { multiline: false, dotAll: false, ignoreCase, ...flags };
  const compiled = new RegExp(emitRegex(regex, settings), settings.ignoreCase ? 'yvi' : 'yv');
  return (text) => {
    compiled.lastIndex = 0;
    return compiled.exec(text);
  };
}

/** Compiles a `value_regex`, which captures once: what it captured, or null. */
export function compileCapture(pattern: string): (text: string) => string | null {
  const { regex, captures } = parseRegex(pattern);
  if (captures !== 1) throw new RegexProblem(`it must capture one group, and captures ${captures}`);
  checkCaptures(regex);
  const match = compileRegex(pattern, { ignoreCase: false });
  return (text) => match(text)?.[1] ?? null;
}
