import type { ItemKind } from '../../cleanup/plan.js';
import { resourceTypes } from '../fields.js';
import { fieldsOfKey } from '../filters/key.js';
import { JmespathProblem } from '../jmespath/expression.js';
import { compileCapture, compileRegex } from '../regex/compile.js';
import { RegexProblem } from '../regex/syntax.js';
import { expandText, VariableProblem } from '../variables.js';
import { didYouMean } from './place.js';
import type { Place } from './place.js';

// Whatever the account and the region turn out to be, the text is checked with some in place.
const sample = { accountId: '111111111111', region: 'us-east-1' };

/** The text as it will be read, its variables filled in. Refuses what Custodian can't fill in. */
export function checkVariables(place: Place, text: string): string | undefined {
  try {
    return expandText(text, sample);
  } catch (error) {
    if (!(error instanceof VariableProblem)) throw error;
    place.refuse(error.message);
    return undefined;
  }
}

/** Refuses a key that isn't JMESPath, or that reads what Nightshift doesn't have. */
export function checkKey(place: Place, key: string, kind: ItemKind): void {
  const text = checkVariables(place, key);
  if (text === undefined) return;
  try {
    checkFields(place, fieldsOfKey(text), kind);
  } catch (error) {
    if (!(error instanceof JmespathProblem)) throw error;
    place.refuse(
      `${JSON.stringify(text)} is not a field, \`tag:NAME\` or JMESPath expression: ${error.message}`,
    );
  }
}

function checkFields(place: Place, fields: Set<string> | undefined, kind: ItemKind): void {
  const { names, fields: known, refused } = resourceTypes[kind];
  if (fields === undefined) {
    place.refuse('an expression must name the fields it reads: it may not start with @, * or [');
    return;
  }
  for (const field of fields) {
    if (known.includes(field)) continue;
    const why = refused[field];
    place.refuse(
      why === undefined
        ? `${names[0]} has no field \`${field}\` that Nightshift supports${didYouMean(field, known)}; there are ${known.join(', ')}`
        : `the field \`${field}\` of ${names[0]} isn't supported by Nightshift: ${why}`,
    );
  }
}

/** Refuses a pattern that is not one of Python's `re`, or that Nightshift can't translate. */
export function checkPattern(place: Place, pattern: string): void {
  checked(place, pattern, (text) => compileRegex(text, { ignoreCase: false }));
}

/** The same for a `value_regex`, which captures one group. */
export function checkCapture(place: Place, pattern: string): void {
  checked(place, pattern, compileCapture);
}

function checked(place: Place, pattern: string, compile: (text: string) => unknown): void {
  const text = checkVariables(place, pattern);
  if (text === undefined) return;
  try {
    compile(text);
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    place.refuse(
      `${JSON.stringify(text)} is not a regular expression that Nightshift supports: ${error.message}`,
    );
  }
}
