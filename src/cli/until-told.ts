import { Interrupts } from './interrupts.js';

/** Calls `stop` once, at SIGTERM or Ctrl-C; a third Ctrl-C ends the process wherever it is. */
export function untilTold(stop: () => void): { close(): void } {
  const interrupts = new Interrupts();
  void interrupts.next().then(stop);
  process.once('SIGTERM', stop);
  return {
    close: () => {
      interrupts.close();
      process.off('SIGTERM', stop);
    },
  };
}
