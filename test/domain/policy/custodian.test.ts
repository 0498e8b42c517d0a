import { describe, expect, test } from 'vitest';
import { InvalidInputError } from '../../../src/domain/errors.js';
import { toInstant } from '../../../src/domain/policy/dates/value.js';
import { EvaluationFailure } from '../../../src/domain/policy/errors.js';
import { asResource } from '../../../src/domain/policy/filters/resource.js';
import {
  parsePolicies,
  PolicyEvaluationError,
  resourceTypes,
  selectResources,
} from '../../../src/domain/policy/index.js';
import { compileJmespath } from '../../../src/domain/policy/jmespath/compile.js';
import { evaluate } from '../../../src/domain/policy/jmespath/evaluate.js';
import { JmespathProblem } from '../../../src/domain/policy/jmespath/expression.js';
import { jsonText } from '../../../src/domain/policy/jmespath/json-text.js';
import { globMatches } from '../../../src/domain/policy/python/glob.js';
import { compileRegex } from '../../../src/domain/policy/regex/compile.js';
import { RegexProblem } from '../../../src/domain/policy/regex/syntax.js';
import { readVectors } from './vectors.js';

const vectors = readVectors();
const { now, accountId, region } = vectors;

/** Runs, and says which of the expected errors came of it. */
function outcome<T>(run: () => T): T | 'invalid' | 'fails' {
  try {
    return run();
  } catch (error) {
    const invalid = [InvalidInputError, RegexProblem, JmespathProblem];
    if (invalid.some((kind) => error instanceof kind)) return 'invalid';
    const fails = [PolicyEvaluationError, EvaluationFailure];
    if (fails.some((kind) => error instanceof kind)) return 'fails';
    throw error;
  }
}

describe(`Cloud Custodian (c7n ${vectors.c7n})`, () => {
  test('selects the same resources for every filter, and refuses the same', () => {
    const differences = vectors.policies.filter(({ kind, set, filters, expected }) => {
      const resources = vectors.sets[set] ?? [];
      const found = outcome(() => {
        const resource = resourceTypes[kind].names[0];
        const policy = { name: 'case', resource, filters, actions: ['delete'] };
        const [parsed] = parsePolicies({ policies: [policy] }, 'vectors.json');
        const selected = selectResources(parsed!, resources, { now, accountId, region });
        return selected.map((one) => resources.indexOf(one));
      });
      // What fails while Custodian runs may be refused before anything runs.
      if (expected === 'fails' && found === 'invalid') return false;
      return JSON.stringify(found) !== JSON.stringify(expected);
    });
    expect(differences).toEqual([]);
    expect(vectors.policies.length).toBeGreaterThan(2000);
  });

  test('reads the same moment from every text and number', () => {
    const found = vectors.dates.map(([value]) => [
      value,
      outcome(() => {
        const instant = toInstant(value, now);
        return instant ? Number(instant.micros) : null;
      }),
    ]);
    expect(found).toEqual(vectors.dates);
  });

  test('matches the same texts by every regular expression, but for those that Nightshift refuses', () => {
    const refused = new Set<string>();
    for (const [pattern, caseful, caseless] of vectors.regexes) {
      for (const [expected, ignoreCase] of [[caseful, false] as const, [caseless, true] as const]) {
        const found = outcome(() => {
          const match = compileRegex(pattern, { ignoreCase });
          return vectors.texts.map((text) => match(text) !== null);
        });
        if (found === 'invalid' && expected !== 'invalid') refused.add(pattern);
        else
          expect({ pattern, ignoreCase, found }).toEqual({ pattern, ignoreCase, found: expected });
      }
    }
    expect([...refused].sort()).toEqual(refusedPatterns.sort());
  });

  test('matches the same texts by every glob', () => {
    const found = vectors.globs.map(([glob]) => [
      glob,
      vectors.texts.map((text) => globMatches(text, glob)),
    ]);
    expect(found).toEqual(vectors.globs);
  });

  test('finds the same by every JMESPath expression', () => {
    const { fields } = asResource(vectors.document, 'stack', now);
    for (const [expression, expected] of vectors.expressions) {
      const found = outcome(() => {
        const value: unknown = JSON.parse(jsonText(evaluate(compileJmespath(expression), fields)));
        return { found: value };
      });
      if (expected === 'fails' && found === 'invalid') continue;
      expect({ expression, found }).toEqual({ expression, found: expected });
    }
  });
});

/** What Python takes and Nightshift refuses by name; docs/policies.md lists them. */
const refusedPatterns = [
  '(?-i:a)b',
  '(?>a)b',
  '(?P<x>a)(?P=x)',
  '(?a)\\w',
  '(?i:a)b',
  '(?x)a b',
  '(a)?(?(1)b|c)',
  '(a)\\1',
  '[\\1]',
  'a*+',
  'a++',
  'a?+',
];
