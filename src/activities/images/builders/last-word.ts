import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds for the answer to a call that is under way when it is no longer wanted: it may have begun something. */
const wait = 5_000;

/** Aborted a while after another signal: for a call that begins something, so that what it has begun can be stopped. */
export function lastWord(signal: AbortSignal): AbortSignal {
  const later = new AbortController();
  const abort = () =>
    void delay(wait, undefined, { ref: false }).then(() => later.abort(signal.reason));
  if (signal.aborted) later.abort(signal.reason);
  else signal.addEventListener('abort', abort, { once: true });
  return later.signal;
}
