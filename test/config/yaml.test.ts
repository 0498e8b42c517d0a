import { describe, expect, test } from 'vitest';
import { custodianYaml } from '../../src/config/policy-yaml.js';
import { readYaml } from '../../src/config/yaml-source.js';
import { InvalidInputError } from '../../src/domain/errors.js';

describe('YAML that is refused, with its line:', () => {
  test.each([
    ['a key given twice', 'a: 1\nb: 2\na: 3\n', 'f.yaml:3', 'this key is in its mapping twice'],
    ['a second document', 'a: 1\n---\nb: 2\n', 'f.yaml:2', 'a second document starts here'],
    ['a bracket left open', 'a: 1\nb: [1, 2\n', 'f.yaml:3', 'not valid YAML'],
    ['a bad indent', 'a:\n  b: 1\n c: 2\n', 'f.yaml:3', 'not valid YAML'],
    ['a tab for an indent', 'a:\n\tb: 1\n', 'f.yaml:2', 'not valid YAML'],
    ['an anchor that is not there', 'a: *b\n', 'f.yaml', 'not valid YAML'],
    ['a tag that is not known', 'a: !env HOME\n', 'f.yaml:1', 'not valid YAML'],
  ])('%s', (_what, text, source, message) => {
    const error = refusal(text);
    expect(error.issues[0]?.source).toContain(source);
    expect(error.issues[0]?.message).toContain(message);
  });

  test('anchors that multiply beyond reason', () => {
    const levels = Array.from({ length: 9 }, (_, level) => {
      const item = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array.from({ length: 9 }, () => item).join(', ')}]\n`;
    });
    expect(refusal(levels.join('')).issues[0]?.message).toContain('not valid YAML');
  });
});

test('anchors and merge keys work', () => {
  const { value } = readYaml('a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\nc: *a\n', 'f.yaml');
  expect(value).toEqual({ a: { x: 1, y: 2 }, b: { x: 1, y: 3 }, c: { x: 1, y: 2 } });
});

test('a field has the line of its key, and one that is missing that of what it is missing from', () => {
  const { locate } = readYaml('a:\n  b:\n    - c: 1\n    - 02\nd: { e: 1 }\n', 'f.yaml');
  expect(locate(['a', 'b', 0, 'c'])).toEqual({ source: 'f.yaml:3', written: '1' });
  expect(locate(['a', 'b', 1])).toEqual({ source: 'f.yaml:4', written: '02' });
  expect(locate(['a', 'b', 0, 'x'])).toEqual({ source: 'f.yaml:3', written: undefined });
  expect(locate(['d', 'x', 'y'])).toEqual({ source: 'f.yaml:5', written: undefined });
  expect(locate([])).toEqual({ source: 'f.yaml:1', written: undefined });
});

// What PyYAML 6 makes of each; `null` marks what it has as text of the same letters.
describe("a policy's YAML is read as Custodian reads it:", () => {
  test.each<[string, unknown]>([
    ['yes', true],
    ['Off', false],
    ['on', true],
    ['y', 'y'],
    ['N', 'N'],
    ['true', true],
    ['~', null],
    ['012', 10],
    ['0o12', '0o12'],
    ['089', '089'],
    ['0x1F', 31],
    ['0b101', 5],
    ['1_000', 1000],
    ['12', 12],
    ['+12', 12],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1e5', '1e5'],
    ['1.0e5', '1.0e5'],
    ['1.5e+3', 1500],
    ['12e4567', '12e4567'],
    ['190:20:30', 685230],
    ['111111111111', 111111111111],
    ['2024-01-31', '2024-01-31'],
    ['"yes"', 'yes'],
    ['1.2.3', '1.2.3'],
  ])('%s is %j', (text, value) => {
    expect(readYaml(`value: ${text}\n`, 'p.yml', custodianYaml).value).toEqual({ value });
  });

  test('JSON is read too', () => {
    expect(readYaml('{"policies": [{"name": "a"}]}', 'p.json', custodianYaml).value).toEqual({
      policies: [{ name: 'a' }],
    });
  });
});

function refusal(text: string): InvalidInputError {
  try {
    readYaml(text, 'f.yaml');
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('the text was accepted');
}
