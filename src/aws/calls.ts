import { AsyncLocalStorage } from 'node:async_hooks';

/** Counts the AWS calls made within a piece of work, retries included. */
export interface CallCount {
  calls: number;
}

const current = new AsyncLocalStorage<CallCount>();

/** Runs `work` and returns its result with the number of AWS calls that it made. */
export async function countCalls<T>(
  work: () => Promise<T>,
): Promise<{ value: T; awsCalls: number }> {
  const count: CallCount = { calls: 0 };
  const value = await current.run(count, work);
  return { value, awsCalls: count.calls };
}

/** Enters one call in the count of the work that makes it, if any counts. */
export function noteCall(): void {
  const count = current.getStore();
  if (count) count.calls += 1;
}
