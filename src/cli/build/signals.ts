import { isCancel, select } from '@clack/prompts';
import { Interrupts } from '../interrupts.js';
import type { Output } from '../output.js';

/** What somebody told the command by a signal. */
export type Told = 'interrupt' | 'terminate';

/** Ctrl-C and SIGTERM, as something to wait for. While it is open, neither ends the process by itself. */
export interface Signals {
  /** The next one, for all who wait; one that came while nobody did, at once. */
  next(): Promise<Told>;
  close(): void;
}

export function openSignals(): Signals {
  const missed: Told[] = [];
  let waiting: ((told: Told) => void)[] = [];
  const hear = (told: Told) => {
    if (waiting.length === 0) missed.push(told);
    const heard = waiting;
    waiting = [];
    for (const each of heard) each(told);
  };
  const interrupts = new Interrupts();
  const listen = () => {
    void interrupts.next().then(() => {
      hear('interrupt');
      listen();
    });
  };
  listen();
  const terminate = () => hear('terminate');
  process.on('SIGTERM', terminate);
  return {
    next: () => {
      const told = missed.shift();
      return told ? Promise.resolve(told) : new Promise((resolve) => waiting.push(resolve));
    },
    close: () => {
      interrupts.close();
      process.off('SIGTERM', terminate);
    },
  };
}

/** What a Ctrl-C is to do. */
export type Wish = 'detach' | 'stop' | 'watch';

export type Ask = (signal: AbortSignal) => Promise<Wish>;

/** Asks on the terminal. A second Ctrl-C, which answers the question, stops the build. */
export function askOn(output: Pick<Output, 'interactive'>): Ask | undefined {
  if (!output.interactive) return undefined;
  return async (signal) => {
    const answer = await select<Wish>({
      message: 'Detach, or stop the build? (Ctrl-C again stops it)',
      options: [
        { value: 'detach', label: 'Detach', hint: 'the build goes on' },
        { value: 'stop', label: 'Stop the build' },
        { value: 'watch', label: 'Go on watching' },
      ],
      output: process.stderr,
      signal,
    });
    if (!isCancel(answer)) return answer;
    return signal.aborted ? 'watch' : 'stop';
  };
}
