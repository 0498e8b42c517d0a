import { InterruptedError } from '../interrupts.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work that ends when this process is told to end, by Ctrl-C, by `kill` or by its terminal going away.
 * The work has its `finally` to end what it has started; a second Ctrl-C changes nothing, for that would
 * leave processes behind.
 */
export async function untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const told = () => stop.abort(new InterruptedError('interrupted'));
  for (const signal of signals) process.on(signal, told);
  try {
    return await work(stop.signal);
  } catch (error) {
    if (stop.signal.aborted) throw new InterruptedError('interrupted', { cause: error });
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, told);
  }
}

/** Waits for something that goes on by itself, but not after the signal is given. */
export async function unlessStopped<T>(signal: AbortSignal, waited: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([waited, stopped]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    waited.catch(() => undefined);
  }
}
