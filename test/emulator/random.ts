/** Random choices that a seed makes again. */
export interface Random {
  /** From 0 up to, but not including, 1. */
  fraction(): number;
  pick<T>(from: readonly T[]): T;
  /** Whether something that happens with this probability does. */
  chance(probability: number): boolean;
}

/** Mulberry32: small, and good enough to pick test cases. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction,
    pick: (from) => {
      const chosen = from[Math.floor(fraction() * from.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
    chance: (probability) => fraction() < probability,
  };
}
