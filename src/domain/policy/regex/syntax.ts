/** A regular expression of Python's `re`, as far as Nightshift reads it. */
export type Regex =
  | { kind: 'sequence'; items: Regex[] }
  | { kind: 'choice'; options: Regex[] }
  | { kind: 'group'; body: Regex; capture: boolean; flags: Flags }
  | { kind: 'look'; body: Regex; behind: boolean; negative: boolean }
  | { kind: 'repeat'; body: Regex; least: number; most: number; lazy: boolean }
  | { kind: 'character'; code: number }
  | { kind: 'any' }
  | { kind: 'class'; negative: boolean; items: ClassItem[] }
  | { kind: 'anchor'; at: Anchor };

export type Anchor = 'line-start' | 'line-end' | 'start' | 'end' | 'word-edge' | 'inside-word';

export type ClassItem =
  { kind: 'range'; from: number; to: number } | { kind: 'category'; name: Category };

/** d digits, s white space, w word characters; upper case for all others. */
export type Category = 'd' | 'D' | 's' | 'S' | 'w' | 'W';

/** Absent: as in the enclosing group. */
export interface Flags {
  ignoreCase?: boolean;
  multiline?: boolean;
  dotAll?: boolean;
}

/** The pattern isn't one, for Python or for Nightshift; the message says why. */
export class RegexProblem extends Error {}
