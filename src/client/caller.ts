import { setMaxListeners } from 'node:events';
import type { Client } from '@temporalio/client';

/** What the parts of the client share: the server, the task queue, and that calls end when the client is closed. */
export class Caller {
  constructor(
    readonly client: Client,
    readonly taskQueue: string,
    private readonly closing: AbortSignal,
  ) {}

  /** Makes calls that end when the client is closed, or when the signal says so. */
  until<T>(signal: AbortSignal | undefined, calls: () => Promise<T>): Promise<T> {
    const ends = AbortSignal.any(signal ? [this.closing, signal] : [this.closing]);
    // Temporal's connection leaves a listener for each call of a wait that may take a night.
    setMaxListeners(0, ends);
    return this.client.withAbortSignal(ends, calls);
  }
}
