/**
 * Waits for work that can't be called off, until the signal: then throws the signal's reason, whatever becomes of the
 * work. A worker's connection to Temporal heeds no signal (NativeConnection of SDK 1.24), and what waits on it would
 * keep the worker from ending.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([
      work,
      aborted.then(() => {
        throw signal.reason;
      }),
    ]);
  } finally {
    signal.removeEventListener('abort', stop);
    // Nobody is left to hear of its failure.
    work.catch(() => undefined);
  }
}
