import { AwsError } from '../core/aws-error.js';
import { members, numbered, required, type Ec2Call } from './call.js';
import { matchesPattern } from './wildcard.js';

export interface Filter {
  name: string;
  values: readonly string[];
}

/** The values that something has under a filter's name; undefined when there is no such filter. */
export type ValuesOf<T> = (item: T, filter: string) => readonly string[] | undefined;

const maxValues = 200;

/** @throws AwsError FilterLimitExceeded: 200 values in a call (API, DescribeImages and others) */
export function filtersOf(call: Ec2Call): Filter[] {
  const filters = members(call, 'Filter').map((prefix) => ({
    name: required(call, `${prefix}.Name`),
    values: numbered(call, `${prefix}.Value`),
  }));
  const count = filters.reduce((sum, { values }) => sum + values.length, 0);
  if (count <= maxValues) return filters;
  throw new AwsError(
    'FilterLimitExceeded',
    `The maximum number of filter values specified on a single call is ${maxValues}`,
  );
}

/** What passes all filters; one value of each is enough. */
export function filtered<T>(
  items: readonly T[],
  filters: readonly Filter[],
  valuesOf: ValuesOf<T>,
): T[] {
  return items.filter((item) =>
    filters.every(({ name, values }) =>
      valuesOf(item, name)?.some((value) =>
        values.some((pattern) => matchesPattern(pattern, value)),
      ),
    ),
  );
}

/** Refuses filters that aren't there, whether there is anything to filter or not. */
export function requireFilters(
  filters: readonly Filter[],
  isKnown: (name: string) => boolean,
): void {
  const unknown = filters.find(({ name }) => !isKnown(name));
  if (unknown)
    throw new AwsError('InvalidParameterValue', `The filter '${unknown.name}' is invalid`);
}

/** `tag:Owner`, `tag-key`: what every resource has. */
export function tagValues(
  tags: ReadonlyMap<string, string>,
  filter: string,
): readonly string[] | undefined {
  if (filter === 'tag-key') return [...tags.keys()];
  if (!filter.startsWith('tag:')) return undefined;
  const value = tags.get(filter.slice('tag:'.length));
  return value === undefined ? [] : [value];
}
