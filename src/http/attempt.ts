import { z } from 'zod';

/** No answer came, or it broke off. The message says what happened, and may hold what undici quotes. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/**
 * Makes one attempt at something over HTTP, for at most `timeoutMs` milliseconds. Throws the reason of `signal`, a
 * {@link NoAnswer} for a timeout and for what fetch rejects with, and whatever `passes` lets through.
 */
export async function attemptWithin<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  make: (signal: AbortSignal) => Promise<T>,
  passes: (error: unknown) => boolean = () => false,
): Promise<T> {
  signal?.throwIfAborted();
  // Not AbortSignal.any: on Node 20 a long-lived signal keeps each signal that is made of it.
  const abort = new AbortController();
  const cancel = () => abort.abort();
  signal?.addEventListener('abort', cancel, { once: true });
  const timer = setTimeout(cancel, timeoutMs);
  try {
    return await make(abort.signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (passes(error)) throw error;
    throw new NoAnswer(abort.signal.aborted ? `no answer within ${timeoutMs} ms` : why(error));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

/** undici says only `fetch failed`; what did is its cause. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const code = z.object({ code: z.string() }).safeParse(cause).data?.code;
  // A host with several addresses fails with an AggregateError, whose message is empty.
  return [code, cause.message].filter((part) => part !== undefined && part !== '').join(': ');
}
