import { setTimeout as delay } from 'node:timers/promises';
import { NightshiftError } from '../../domain/errors.js';
import type { Board } from './board.js';
import { unlessStopped } from './stopping.js';

/** Milliseconds between two looks, and how long it may all take. */
const every = 400;
const longest = 600_000;

export interface WatchOptions<State> {
  look: () => Promise<State>;
  board: Board<State>;
  /** Does what is due. */
  see: (state: State) => Promise<void>;
  /** Names what goes on; nothing when all is over. */
  open: (state: State) => readonly string[];
  signal: AbortSignal;
}

/**
 * Shows how things stand until all is over.
 *
 * @throws NightshiftError when that takes too long, naming what goes on.
 */
export async function watch<State>(options: WatchOptions<State>): Promise<void> {
  const { board, signal } = options;
  try {
    // Not left to the looks: one that no worker answers takes its time.
    await unlessStopped(signal, watchOn(options));
  } finally {
    board.close();
  }
}

async function watchOn<State>({ look, board, see, open, signal }: WatchOptions<State>) {
  const until = Date.now() + longest;
  for (;;) {
    signal.throwIfAborted();
    const state = await look();
    signal.throwIfAborted();
    board.show(state);
    await see(state);
    const names = open(state);
    if (names.length === 0) return;
    if (Date.now() > until)
      throw new NightshiftError(
        'Internal',
        `not over after ${longest / 60_000} minutes: ${names.join(', ')}`,
      );
    await delay(every, undefined, { signal });
  }
}
