import type { z } from 'zod';
import { type HttpAnswer, type HttpCall, type HttpOptions, exchange, parseAnswer } from './http.js';
import { type RetryOptions, type RetryPolicy, retried } from './retry.js';

export type CallerOptions = HttpOptions & RetryOptions;

/** One kind of call: how it is named, how often it is made again, and what is expected of the answer. */
export interface Exchange<T> {
  /** As `AcquireJob`; errors and retries are told with it. */
  name: string;
  policy: RetryPolicy;
  /** The call of one attempt, numbered from 0. */
  call: (attempt: number) => HttpCall | Promise<HttpCall>;
  read: (answer: HttpAnswer) => T;
}

/** Makes a call with its retries. Throws a `BuildkiteError`, or the reason of `signal`. */
export function make<T>(
  { name, policy, call, read }: Exchange<T>,
  options: CallerOptions,
  signal: AbortSignal | undefined,
): Promise<T> {
  return retried(
    name,
    policy,
    async (attempt) => read(await exchange(await call(attempt), options, signal)),
    { ...options, signal },
  );
}

/** For calls whose answer has nothing to say. */
export function nothing(): void {
  // An answer of 2xx is all.
}

export function as<T>(schema: z.ZodType<T>, name: string): (answer: HttpAnswer) => T {
  return (answer) => parseAnswer(schema, answer, name);
}
