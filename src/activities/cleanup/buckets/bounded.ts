/**
 * Works on what a source gives, at most `concurrency` at once; the source is read no further ahead than that. The first
 * error ends the reading and is thrown once all that was begun is over.
 */
export async function forEachBounded<T>(
  source: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = (item: T) => {
    const task = work(item)
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => {
        inFlight.delete(task);
      });
    inFlight.add(task);
  };
  try {
    for await (const item of source) {
      begin(item);
      if (inFlight.size >= concurrency) await Promise.race(inFlight);
      if (failures.length > 0) break;
    }
  } finally {
    await Promise.all(inFlight);
  }
  if (failures.length > 0) throw failures[0];
}

/** Asks for the next item while the current one is being worked on: one ahead, no more. */
export async function* oneAhead<T>(source: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  const ask = () => {
    const asked = iterator.next();
    // Whoever awaits it hears of a failure; nobody may, when the reading has ended.
    asked.catch(() => undefined);
    return asked;
  };
  try {
    for (let asked = ask(); ;) {
      const current = await asked;
      if (current.done === true) return;
      asked = ask();
      yield current.value;
    }
  } finally {
    await iterator.return?.();
  }
}
