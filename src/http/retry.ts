import { setTimeout as delay } from 'node:timers/promises';
import { HttpFailure } from './failure.js';

/** How often a call is made again, and after how long. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  attempts: number;
  /** Wait after the first attempt, in milliseconds; each further one is `factor` times as long, up to `mostMs`. */
  firstMs: number;
  factor: number;
  mostMs: number;
  /** Added to each wait at random: from, to, in milliseconds. */
  jitterMs?: readonly [from: number, to: number];
  /** No attempt is begun later than this after the first, whatever the server asks to wait. */
  withinMs: number;
  /** Refusals that pass, besides 408, 429, 5xx and no answer at all. */
  alsoAgain?: readonly number[];
}

/** One attempt that failed and will be made again. */
export interface Retry {
  /** The call, as `AcquireJob`. */
  call: string;
  /** The attempt that failed, from 1. */
  attempt: number;
  /** Milliseconds until the next one, unscaled. */
  waitMs: number;
  error: HttpFailure;
}

export interface RetryOptions {
  /** Multiplies every wait, what the server asks for included: below 1 where time runs faster. Default 1. */
  retryScale?: number;
  /** How to wait; tests pass their own. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<unknown>;
  /** From 0 to 1, for the jitter. */
  random?: () => number;
  /** Told of each attempt that will be made again. */
  onRetry?: (retry: Retry) => void;
}

/**
 * Makes a call until it succeeds, is refused for good, or its policy ends; `attempt` is given its number, from 0.
 * Not p-retry: there the wait can be neither replaced by what the server asks for nor by a test's.
 * Throws the last {@link HttpFailure}, or the reason of `signal`.
 */
export async function retried<T>(
  call: string,
  policy: RetryPolicy,
  attempt: (index: number) => Promise<T>,
  options: RetryOptions & { signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const { signal, random = Math.random } = options;
  let spentMs = 0;
  let answerLost = false;
  for (let index = 0; ; index++) {
    signal?.throwIfAborted();
    const begun = performance.now();
    try {
      return await attempt(index);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      const waitMs = waitAfter(policy, index, error, random);
      spentMs += performance.now() - begun + waitMs;
      const isLast = index + 1 >= policy.attempts || spentMs > policy.withinMs;
      if (isLast || !isWorthAnother(policy, error))
        throw answerLost ? error.afterLostAnswer() : error;
      answerLost ||= error.answerLost;
      options.onRetry?.({ call, attempt: index + 1, waitMs, error });
      await pause(waitMs, options);
    }
  }
}

/** Waits, as scaled and in the way that the options say. Throws the reason of `signal`. */
export async function pause(
  ms: number,
  { signal, retryScale = 1, wait = sleep }: RetryOptions & { signal?: AbortSignal | undefined },
): Promise<void> {
  await wait(Math.ceil(ms * retryScale), signal);
}

function isWorthAnother(policy: RetryPolicy, error: HttpFailure): boolean {
  return error.retryable || (policy.alsoAgain ?? []).includes(error.status ?? 0);
}

function waitAfter(
  policy: RetryPolicy,
  index: number,
  error: HttpFailure,
  random: () => number,
): number {
  if (error.retryAfterMs !== undefined) return error.retryAfterMs;
  const [from, to] = policy.jitterMs ?? [0, 0];
  return (
    Math.min(policy.mostMs, policy.firstMs * policy.factor ** index) + from + random() * (to - from)
  );
}

async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    // The reason that the caller gave, not the timer's own error.
    signal?.throwIfAborted();
    throw error;
  }
}
