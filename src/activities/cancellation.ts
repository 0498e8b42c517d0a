import { Context } from '@temporalio/activity';

/**
 * Aborted when the workflow calls off what this activity does: then nobody wants what it has begun. A cancelled activity
 * alone doesn't say so: its worker may end, or may have been silent for so long that another attempt goes on with it.
 */
export function calledOff(): AbortSignal {
  const context = Context.current();
  const { cancellationSignal } = context;
  const off = new AbortController();
  const hear = () => {
    if (context.cancellationDetails?.cancelRequested) off.abort(cancellationSignal.reason);
  };
  if (cancellationSignal.aborted) hear();
  else cancellationSignal.addEventListener('abort', hear, { once: true });
  return off.signal;
}

/**
 * Whether Temporal has given up this attempt, as it does when its worker was silent for too long. What the attempt has
 * in hand is another's by then.
 */
export function isTakenOver(): boolean {
  const { cancellationDetails: why } = Context.current();
  return why !== undefined && (why.notFound || why.timedOut || why.reset);
}
