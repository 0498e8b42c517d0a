import { randomUUID } from 'node:crypto';

/** A queue shows as disconnected when no stack has listed its jobs for so long (docs, Stacks API). */
export const pollingGapMs = 30_000;

/** A stack that has registered. Times are sandbox time, ms since the epoch. */
export interface Stack {
  readonly id: string;
  readonly key: string;
  type: string;
  queue: string;
  metadata: Readonly<Record<string, string>>;
  readonly registeredAt: number;
  lastPolledAt: number;
  /** How often a poll came more than 30 s after the one before. */
  gaps: number;
}

/** The stacks that are registered, and those that were. */
export class Stacks {
  private readonly byKey = new Map<string, Stack>();
  /** Keys of those that have deregistered. */
  readonly gone: string[] = [];

  all(): Stack[] {
    return [...this.byKey.values()];
  }

  find(key: string): Stack | undefined {
    return this.byKey.get(key);
  }

  /** A new stack, or changes to a known one. */
  register(
    given: Pick<Stack, 'key' | 'type' | 'queue' | 'metadata'>,
    now: number,
  ): { stack: Stack; isNew: boolean } {
    const known = this.byKey.get(given.key);
    if (known) return { stack: Object.assign(known, given), isNew: false };
    const polled = { registeredAt: now, lastPolledAt: now, gaps: 0 };
    const stack: Stack = { id: randomUUID(), ...given, ...polled };
    this.byKey.set(given.key, stack);
    return { stack, isNew: true };
  }

  deregister(key: string): void {
    if (this.byKey.delete(key)) this.gone.push(key);
  }

  /** It lists scheduled jobs. */
  polled(stack: Stack, now: number): void {
    if (now - stack.lastPolledAt > pollingGapMs) stack.gaps += 1;
    stack.lastPolledAt = now;
  }
}

/** Both spellings of the default queue are in use: the documentation's, and that of Buildkite's Go client. */
export function queueOf(key: string): string {
  return key === '__default__' || key === '_default' ? 'default' : key;
}
