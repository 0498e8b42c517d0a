import { setTimeout as delay } from 'node:timers/promises';
import { BuildkiteError } from './error.js';

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

const minute = 60_000;

function every(ms: number, attempts: number, withinMs: number): RetryPolicy {
  return { attempts, firstMs: ms, factor: 1, mostMs: ms, withinMs };
}

function doubling(attempts: number, withinMs: number, mostMs = 2 * minute): RetryPolicy {
  return { attempts, firstMs: 1000, factor: 2, mostMs, withinMs };
}

/** What Buildkite's own agent does, call by call. */
export const retryPolicies = {
  register: every(10_000, 30, 10 * minute),
  connect: every(5_000, 10, 5 * minute),
  disconnect: every(1_000, 4, minute),
  heartbeat: every(5_000, 10, 2 * minute),
  // 423: the job waits for another one. The bound is the agent's own.
  acquire: { ...doubling(7, 330_000), jitterMs: [0, 5_000], alsoAgain: [423] },
  accept: every(5_000, 30, 5 * minute),
  start: doubling(7, 5 * minute),
  // 1 + 2 + … + 64, then 120 s four times: about ten minutes.
  chunks: doubling(12, 15 * minute),
  finish: doubling(12, 15 * minute),
  /** What is asked at the next tick anyway: ping and job state. */
  tick: every(0, 1, minute),
  /** Metadata and annotations: nice to have. */
  extras: every(2_000, 5, minute),
  stacks: { ...doubling(5, 2 * minute), jitterMs: [0, 500] },
} satisfies Record<string, RetryPolicy>;

/** One attempt that failed and will be made again. */
export interface Retry {
  /** The call, as `AcquireJob`. */
  call: string;
  /** The attempt that failed, from 1. */
  attempt: number;
  /** Milliseconds until the next one, unscaled. */
  waitMs: number;
  error: BuildkiteError;
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
 * Throws the last {@link BuildkiteError}, or the reason of `signal`.
 */
export async function retried<T>(
  call: string,
  policy: RetryPolicy,
  attempt: (index: number) => Promise<T>,
  options: RetryOptions & { signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const { signal, retryScale = 1, wait = sleep, random = Math.random } = options;
  let spentMs = 0;
  let answerLost = false;
  for (let index = 0; ; index++) {
    signal?.throwIfAborted();
    const begun = performance.now();
    try {
      return await attempt(index);
    } catch (error) {
      if (!(error instanceof BuildkiteError)) throw error;
      const waitMs = waitAfter(policy, index, error, random);
      spentMs += performance.now() - begun + waitMs;
      const isLast = index + 1 >= policy.attempts || spentMs > policy.withinMs;
      if (isLast || !isWorthAnother(policy, error))
        throw answerLost ? error.afterLostAnswer() : error;
      answerLost ||= error.answerLost;
      options.onRetry?.({ call, attempt: index + 1, waitMs, error });
      await wait(Math.ceil(waitMs * retryScale), signal);
    }
  }
}

function isWorthAnother(policy: RetryPolicy, error: BuildkiteError): boolean {
  return error.retryable || (policy.alsoAgain ?? []).includes(error.status ?? 0);
}

function waitAfter(
  policy: RetryPolicy,
  index: number,
  error: BuildkiteError,
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
