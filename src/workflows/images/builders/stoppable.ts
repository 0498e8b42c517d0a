import { CancellationScope, isCancellation } from '@temporalio/workflow';

/** Follows what was begun elsewhere; stops it there when this is cancelled. */
export async function stoppable<T>(
  followed: () => Promise<T>,
  stop: () => Promise<void>,
): Promise<T> {
  try {
    return await followed();
  } catch (error) {
    if (isCancellation(error)) await CancellationScope.nonCancellable(stop);
    throw error;
  }
}
