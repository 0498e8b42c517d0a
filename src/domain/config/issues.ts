import { z } from 'zod';
import { InvalidInputError } from '../errors.js';
import type { InputIssue } from '../errors.js';
import { nearest } from './nearest.js';

export type FieldPath = readonly PropertyKey[];

/** Where a field stands and how its value was written there, for those who know better than the parsed value. */
export interface FieldLocation {
  /** The file with the line, say. */
  source: string;
  /** The value as written: `012345678901`, where the parsed value has lost the zero. */
  written?: string | undefined;
}

/** Looks up a field. A path whose last part is an unknown key is looked up like any other. */
export type Locate = (path: FieldPath) => FieldLocation;

/**
 * Parses a value from outside by a schema. Throws InvalidInputError with everything that is wrong:
 * each issue with the path of the field, its value and what is allowed.
 */
export function parseInput<T extends z.ZodType>(
  schema: T,
  value: unknown,
  source: string | Locate,
): z.output<T> {
  const result = schema.safeParse(value, { error: explain });
  if (result.success) return result.data;
  const locate = typeof source === 'string' ? () => ({ source }) : source;
  throw new InvalidInputError(
    result.error.issues.flatMap((issue) => inputIssues(issue, [], { value, locate })),
  );
}

/** `accounts.list[0].id`, as people write it. */
export function formatPath(path: FieldPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = String(part);
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

// zod asks this for a message where the schema has none of its own. All messages say what is allowed.
function explain(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return typeof issue.input === 'number' && issue.expected === 'string'
        ? 'must be text: put it in quotes'
        : `must be ${expectedTypes[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be ${oneOf(issue.values)}${didYouMean(issue.input, issue.values.map(String))}`;
    case 'unrecognized_keys':
      // One line a key: each becomes an issue of its own.
      return issue.keys.map((key) => unknownKey(key, knownKeys(issue.inst))).join('\n');
    default:
      return undefined;
  }
}

const expectedTypes: Partial<Record<string, string>> = {
  string: 'text',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

interface Input {
  value: unknown;
  locate: Locate;
}

function inputIssues(issue: z.core.$ZodIssue, parent: FieldPath, input: Input): InputIssue[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) => ({
      source: input.locate([...path, key]).source,
      path: formatPath([...path, key]),
      message: messages[index] ?? issue.message,
    }));
  }
  if (issue.code === 'invalid_key') {
    // The key is what is wrong, and its value may be a secret.
    const message = issue.issues[0]?.message ?? issue.message;
    const { source } = input.locate(path);
    const key = JSON.stringify(String(path.at(-1)));
    return [{ source, path: formatPath(path), message: `${key} is not allowed: ${message}` }];
  }
  if (issue.code === 'invalid_union') {
    const meant = branchMeant(issue.errors);
    if (meant) return meant.flatMap((inner) => inputIssues(inner, path, input));
  }
  const { source, written } = input.locate(path);
  const value = valueAt(input.value, path);
  const found = isSecret(path, value) ? `text of ${value.length} letters` : shown(value, written);
  const problem = value === undefined ? 'is missing' : `${found} is not allowed`;
  return [{ source, path: formatPath(path), message: `${problem}: ${issue.message}` }];
}

function valueAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}

// Of a union's branches, the one that takes this kind of value: its issues lie within the value.
// More than one, or none: the union's own message says more.
function branchMeant(branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | undefined {
  const fitting = branches.filter(
    (issues) =>
      !issues.some(
        ({ path, code }) =>
          path.length === 0 && (code === 'invalid_type' || code === 'invalid_value'),
      ),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function unknownKey(key: string, known: readonly string[]): string {
  const allowed =
    known.length > 0 ? `; allowed are ${known.join(', ')}` : '; no key is allowed here';
  return `is not a known key${didYouMean(key, known)}${allowed}`;
}

function knownKeys(schema: unknown): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function didYouMean(word: unknown, candidates: readonly string[]): string {
  const suggestion = typeof word === 'string' ? nearest(word, candidates) : undefined;
  return suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map(String);
  return texts.length === 1 ? (texts[0] ?? '') : `one of ${texts.join(', ')}`;
}

const longest = 60;

function shown(value: unknown, written?: string): string {
  if (typeof value === 'string') return JSON.stringify(shorten(withoutSecret(value)));
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return shorten(written || String(value));
  const keys = Object.keys(value).join(', ');
  return keys === '' ? '{}' : `{ ${shorten(keys)} }`;
}

// Errors end in logs. What stands where the parameter of a token or a login is to be named may be the secret itself.
function isSecret(path: FieldPath, value: unknown): value is string {
  return typeof value === 'string' && (path.includes('token') || path.includes('login'));
}

// Errors end in logs. The path of a URL may be a secret (a webhook's is), and so may its user.
function withoutSecret(text: string): string {
  const anonymous = text.replace(/^(\w+:\/\/)[^/?#]*@/, '$1');
  return anonymous.replace(/^(\w+:\/\/[^/?#]*)[/?#].+$/s, '$1/…');
}

function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
