import type { RetryPolicy } from '../http/retry.js';

export { type Retry, type RetryOptions, type RetryPolicy, retried } from '../http/retry.js';

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
