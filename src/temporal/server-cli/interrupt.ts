import { NightshiftError } from '../../domain/errors.js';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `work` with a signal that aborts when the caller's does, and when this process is told to end. What
 * `work` has started can then be stopped and cleared away before its rejection ends the program.
 */
export async function interruptible<T>(
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const inner = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void =>
    inner.abort(
      new NightshiftError('NoTemporalServer', `Interrupted (${signal}) while getting a server`, {
        hint: 'The same command goes on where it stopped.',
        retryable: true,
      }),
    );
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work(outer ? AbortSignal.any([outer, inner.signal]) : inner.signal);
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
  }
}
