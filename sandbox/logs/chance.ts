import { Random } from '../core/random.js';

/**
 * Chance that belongs to a place rather than to a moment: the same words give the same, in whatever order requests
 * come.
 */
export function chanceAt(seed: number, ...place: readonly (string | number)[]): Random {
  let hash = 0x811c9dc5 ^ seed;
  for (const byte of Buffer.from(place.join('\0'))) hash = Math.imul(hash ^ byte, 0x01000193); // FNV-1a
  return new Random(hash);
}
