import { EvaluationFailure } from '../errors.js';
import { contains, setOf } from '../python/collections.js';
import { equals, order } from '../python/compare.js';
import { globMatches } from '../python/glob.js';
import { asNumber, Instant, TypeMismatch } from '../python/value.js';
import type { Value } from '../python/value.js';
import { compileRegex } from '../regex/compile.js';
import type { MatchStart } from '../regex/compile.js';
import { RegexProblem } from '../regex/syntax.js';
import type { Operator } from './syntax.js';

/**
 * Applies an operator as Custodian does: `left` is the resource's value, `right` the policy's.
 * Throws TypeMismatch where Python finds no sense in the types, EvaluationFailure where it fails
 * in a way that Custodian doesn't catch.
 */
export function applyOperator(op: Operator, left: Value, right: Value): boolean {
  switch (op) {
    case 'eq':
    case 'equal':
      return equals(left, right);
    case 'ne':
    case 'not-equal':
      return !equals(left, right);
    case 'gt':
    case 'greater-than':
      return order(left, right) > 0;
    case 'ge':
    case 'gte':
      return order(left, right) >= 0;
    case 'lt':
    case 'less-than':
      return order(left, right) < 0;
    case 'le':
    case 'lte':
      return order(left, right) <= 0;
    case 'in':
      return contains(right, left);
    case 'ni':
    case 'not-in':
      return !contains(right, left);
    case 'contains':
      return contains(left, right);
    case 'glob':
      return typeof left === 'string' && globMatches(left, textPattern(right));
    case 'regex':
    case 'regex-case':
      if (typeof left !== 'string') return false;
      return matcher(textPattern(right), op === 'regex')(left) !== null;
    case 'intersect':
      return [...setOf(left)].some(inSet(setOf(right)));
    case 'difference': {
      const isInRight = inSet(setOf(right));
      return [...setOf(left)].some((item) => !isInRight(item));
    }
    case 'mod':
      return modulo(left, right);
  }
}

function inSet(set: Set<string>): (item: string) => boolean {
  return (item) => set.has(item);
}

function textPattern(pattern: Value): string {
  if (typeof pattern !== 'string') throw new TypeMismatch('a pattern is text');
  return pattern;
}

function modulo(left: Value, right: Value): boolean {
  // For text, % is Python's old way to fill in a template.
  if (typeof left === 'string') {
    if (left.includes('%')) throw new EvaluationFailure('mod of text with a %');
    // A list or a map is taken for the template's values; a moment is one value too many.
    if (typeof right === 'object' && right !== null && !(right instanceof Instant))
      return left !== '';
    throw new TypeMismatch('text has no remainder');
  }
  const [dividend, divisor] = [asNumber(left), asNumber(right)];
  if (dividend === undefined || divisor === undefined) throw new TypeMismatch('has no remainder');
  if (divisor === 0) throw new EvaluationFailure('mod by 0');
  return dividend % divisor !== 0;
}

const matchers = new Map<string, MatchStart>();

function matcher(pattern: string, ignoreCase: boolean): MatchStart {
  const name = `${ignoreCase ? 'i' : 'c'}${pattern}`;
  const known = matchers.get(name);
  if (known) return known;
  // With `swap` a pattern can come from a resource, so there may be any number of them.
  if (matchers.size >= 1000) matchers.clear();
  const made = compile(pattern, ignoreCase);
  matchers.set(name, made);
  return made;
}

function compile(pattern: string, ignoreCase: boolean): MatchStart {
  try {
    return compileRegex(pattern, { ignoreCase });
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    throw new EvaluationFailure(`the pattern ${JSON.stringify(pattern)}: ${error.message}`);
  }
}
