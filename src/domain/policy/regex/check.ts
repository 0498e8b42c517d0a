import { RegexProblem } from './syntax.js';
import type { Regex } from './syntax.js';
import { widthOf } from './width.js';

/** Throws RegexProblem for what Python refuses in a pattern that is otherwise well formed. */
export function checkRegex(regex: Regex): void {
  if (regex.kind === 'look' && regex.behind) {
    const { least, most } = widthOf(regex.body);
    if (least !== most) throw new RegexProblem('a look-behind must have one length');
  }
  for (const part of partsOf(regex)) checkRegex(part);
}

/**
 * Throws RegexProblem when the engines could differ about what a group captured: Python keeps what
 * it captured in an earlier round of a repeat, JavaScript forgets it.
 */
export function checkCaptures(regex: Regex, repeated = false): void {
  if (regex.kind === 'group' && regex.capture && repeated) {
    throw new RegexProblem("a captured group in a repeat isn't supported by Nightshift");
  }
  const once = regex.kind === 'repeat' && regex.most <= 1 && widthOf(regex.body).least > 0;
  const inRepeat = repeated || (regex.kind === 'repeat' && !once);
  for (const part of partsOf(regex)) checkCaptures(part, inRepeat);
}

function partsOf(regex: Regex): readonly Regex[] {
  switch (regex.kind) {
    case 'sequence':
      return regex.items;
    case 'choice':
      return regex.options;
    case 'group':
    case 'look':
    case 'repeat':
      return [regex.body];
    case 'character':
    case 'any':
    case 'class':
    case 'anchor':
      return [];
  }
}
