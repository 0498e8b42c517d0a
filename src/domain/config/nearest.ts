import { closest, distance } from 'fastest-levenshtein';

/** The candidate that was most likely meant by a mistyped word; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const lower = word.toLowerCase();
  const found = closest(
    lower,
    candidates.map((candidate) => candidate.toLowerCase()),
  );
  const near = distance(lower, found) <= Math.max(2, Math.ceil(word.length * 0.4));
  return near ? candidates.find((candidate) => candidate.toLowerCase() === found) : undefined;
}
