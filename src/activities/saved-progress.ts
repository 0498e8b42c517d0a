import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import {
  ActivityCancelledError,
  ActivityNotFoundError,
  ActivityPausedError,
  ActivityResetError,
  type Client,
} from '@temporalio/client';

const longestBeat = 5_000;
const retryDelay = 500;

/**
 * How far a long activity is, in its heartbeats. A heartbeat is sent when it suits the SDK, so a worker that dies may
 * take the last one with it; what must not be forgotten is saved: the server has it before the work goes on.
 */
export class SavedProgress<T> {
  private readonly context = Context.current();
  private readonly timer: NodeJS.Timeout;
  private current: T;

  /** @param beginning where an activity begins that no worker has had before. */
  constructor(
    private readonly client: Client,
    beginning: T,
  ) {
    const { info } = this.context;
    // Ours, written by an earlier attempt.
    this.current = (info.heartbeatDetails as T | undefined) ?? beginning;
    const beat = Math.min(longestBeat, (info.heartbeatTimeoutMs ?? Infinity) / 3);
    this.timer = setInterval(() => this.context.heartbeat(this.current), beat);
    this.context.heartbeat(this.current);
  }

  get value(): T {
    return this.current;
  }

  /** Noted: told with the next heartbeat. */
  note(value: T): void {
    this.current = value;
  }

  /**
   * Noted, and on the server by the time this resolves. Rejects when the server no longer takes this attempt for
   * the one that does the work: then nothing more may be done.
   */
  async save(value: T): Promise<void> {
    this.current = value;
    // First, so that nothing older is waiting to be sent after it.
    this.context.heartbeat(value);
    for (;;) {
      this.context.cancellationSignal.throwIfAborted();
      try {
        await this.client.activity.heartbeat(this.context.info.taskToken, value);
        return;
      } catch (error) {
        // Saved all the same: the cancellation comes by its own way.
        if (error instanceof ActivityCancelledError || error instanceof ActivityPausedError) return;
        if (error instanceof ActivityNotFoundError || error instanceof ActivityResetError)
          throw error;
        await delay(retryDelay, undefined, { signal: this.context.cancellationSignal });
      }
    }
  }

  close(): void {
    clearInterval(this.timer);
  }
}
