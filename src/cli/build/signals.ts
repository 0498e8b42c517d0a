import { isCancel, select } from '@clack/prompts';
import { Interrupts } from '../interrupts.js';
import type { Output } from '../output.js';

/** What somebody told the command by a signal. */
export type Told = 'interrupt' | 'terminate';

/** Ctrl-C and SIGTERM, as something to wait for. While it is open, neither ends the process by itself. */
export interface Signals {
  next(): Promise<Told>;
  close(): void;
}

export function openSignals(): Signals {
  const interrupts = new Interrupts();
  let terminate = () => undefined as void;
  // One is all that comes, as a rule, and it may come while nobody waits.
  const terminated = new Promise<Told>((resolve) => (terminate = () => resolve('terminate')));
  let wasTold = false;
  process.on('SIGTERM', terminate);
  return {
    next: () => {
      const interrupted = interrupts.next().then((): Told => 'interrupt');
      if (wasTold) return interrupted;
      return Promise.race([
        interrupted,
        terminated.then((told) => {
          wasTold = true;
          return told;
        }),
      ]);
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
