import { globMatcher } from '../../domain/glob.js';

export interface Selection {
  /** Absent: everything. */
  include?: readonly string[] | undefined;
  /** Wins over `include`. */
  exclude?: readonly string[] | undefined;
}

/** A test for things that go by several names (an account's name and id): any of them may match. */
export function selector({ include, exclude }: Selection): (...names: string[]) => boolean {
  const included = include ? globMatcher(include) : () => true;
  const excluded = globMatcher(exclude ?? []);
  return (...names) => names.some(included) && !names.some(excluded);
}
