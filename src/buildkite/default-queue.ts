import { BuildkiteError } from './error.js';

/** The default queue of a cluster: as the documentation names it, and as Buildkite's Go client does. */
const spellings = ['__default__', '_default'] as const;

/**
 * Knows which of the two names of a cluster's default queue the server takes. Other queues have one name, and are
 * asked for by it.
 */
export class DefaultQueueName {
  private known: string | undefined;

  /** Makes a call with the queue's name, and once more with the other where the server knows no such queue. */
  async try<T>(queue: string, call: (queue: string) => Promise<T>): Promise<T> {
    if (!isDefault(queue)) return call(queue);
    const first = this.known ?? queue;
    try {
      return await this.remember(first, call);
    } catch (error) {
      if (this.known !== undefined || !isUnknownQueue(error)) throw error;
      const other = spellings.find((spelling) => spelling !== first) ?? first;
      return await this.remember(other, call).catch((second: unknown) => {
        throw isUnknownQueue(second) ? error : second;
      });
    }
  }

  private async remember<T>(queue: string, call: (queue: string) => Promise<T>): Promise<T> {
    const answer = await call(queue);
    this.known = queue;
    return answer;
  }
}

function isDefault(queue: string): boolean {
  return spellings.some((spelling) => spelling === queue);
}

function isUnknownQueue(error: unknown): boolean {
  return error instanceof BuildkiteError && (error.status === 404 || error.status === 422);
}
