import { formatPath } from '../../config/issues.js';
import type { FieldPath } from '../../config/issues.js';
import { nearest } from '../../config/nearest.js';
import type { InputIssue } from '../../errors.js';
import type { Json } from '../json.js';

/**
 * A value of a document and where it stands. What is wrong with it is collected, so that a person
 * sees everything at once.
 */
export class Place<T = unknown> {
  constructor(
    readonly value: T,
    private readonly document: { source: string; issues: InputIssue[] },
    private readonly path: FieldPath = [],
    private readonly policy?: string,
  ) {}

  get source(): string {
    return this.document.source;
  }

  /** The same place, with the name of the policy it is in for messages. */
  within(policy: string): Place<T> {
    return new Place(this.value, this.document, this.path, policy);
  }

  /** The same place, its value known to be of a type. */
  holding<V>(value: V): Place<V> {
    return new Place(value, this.document, this.path, this.policy);
  }

  at<V>(key: PropertyKey, value: V): Place<V> {
    return new Place(value, this.document, [...this.path, key], this.policy);
  }

  refuse(message: string): void {
    const { source, issues } = this.document;
    const policy = this.policy === undefined ? '' : `policy ${this.policy}: `;
    issues.push({ source, path: formatPath(this.path), message: `${policy}${message}` });
  }

  /** Takes over what was found wrong with the value by other means. */
  refuseBelow({ path, message }: InputIssue): void {
    const inner = path === '' ? [] : [path];
    const outer = formatPath(this.path);
    const { source, issues } = this.document;
    const policy = this.policy === undefined ? '' : `policy ${this.policy}: `;
    issues.push({ source, path: [outer, ...inner].join('.'), message: `${policy}${message}` });
  }

  /** Says that the value is not what is allowed here. */
  refuseValue(allowed: string): void {
    this.refuse(
      this.value === undefined
        ? `is missing: must be ${allowed}`
        : `${show(this.value)} is not allowed: must be ${allowed}`,
    );
  }

  asMap(): Map<string, Place> | undefined {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.refuseValue('a mapping of keys to values');
      return undefined;
    }
    return new Map(
      Object.entries(value).map(([key, item]: [string, unknown]) => [key, this.at(key, item)]),
    );
  }

  asList(): Place[] | undefined {
    const { value } = this;
    if (Array.isArray(value)) return value.map((item: unknown, index) => this.at(index, item));
    this.refuseValue('a list');
    return undefined;
  }

  asText(): string | undefined {
    if (typeof this.value === 'string') return this.value;
    this.refuseValue('text');
    return undefined;
  }

  asBoolean(): boolean | undefined {
    if (typeof this.value === 'boolean') return this.value;
    this.refuseValue('true or false');
    return undefined;
  }

  asNumber(least: number, most: number): number | undefined {
    if (typeof this.value === 'number' && this.value >= least && this.value <= most)
      return this.value;
    this.refuseValue(`a number from ${least} to ${most}`);
    return undefined;
  }

  asOneOf<C extends string>(candidates: readonly C[]): C | undefined {
    const found = candidates.find((candidate) => Object.is(candidate, this.value));
    if (found === undefined) {
      this.refuseValue(`one of ${candidates.join(', ')}${didYouMean(this.value, candidates)}`);
    }
    return found;
  }
}

/** Refuses the keys of a map that nobody asked for. */
export function refuseOtherKeys(
  map: ReadonlyMap<string, Place>,
  known: readonly string[],
  what: string,
): void {
  for (const [key, place] of map) {
    if (known.includes(key)) continue;
    place.refuse(
      `${what} has no key \`${key}\` that Nightshift supports${didYouMean(key, known)}; there are ${known.join(', ')}`,
    );
  }
}

export function didYouMean(word: unknown, candidates: readonly string[]): string {
  const meant = typeof word === 'string' ? nearest(word, candidates) : undefined;
  return meant === undefined ? '' : ` (did you mean ${meant}?)`;
}

export function show(value: unknown): string {
  if (value instanceof Date) return 'an unquoted date';
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** Whether a value is what a Custodian filter may compare with: no mapping, no date, no infinity. */
export function isComparable(value: unknown): value is Json {
  if (Array.isArray(value)) return value.every(isComparable);
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}
