import type { FinalizeHandler, HandlerExecutionContext, MetadataBearer } from '@smithy/types';
import { noteCall } from './calls.js';
import { isThrottling } from './errors.js';
import type { Pacer } from './pacer.js';

/** What every client of the SDK has: the steps that a call goes through. */
export interface Pipeline {
  addRelativeTo(
    middleware: <Output extends MetadataBearer>(
      next: FinalizeHandler<object, Output>,
      context: HandlerExecutionContext,
    ) => FinalizeHandler<object, Output>,
    options: { name: string; relation: 'before' | 'after'; toMiddleware: string },
  ): void;
  remove(name: string): boolean;
}

/** One attempt of a call, as metrics count it. */
export interface Attempt {
  service: string;
  /** As in AWS's API reference: `DeleteStack`. */
  action: string;
  outcome: 'ok' | 'throttled' | 'error';
}

export interface PaceOptions {
  service: string;
  pacer: Pacer;
  onAttempt: (attempt: Attempt) => void;
}

/** Paces and counts every attempt of a client's calls, the SDK's own retries included. */
export function pace(stack: Pipeline, { service, pacer, onAttempt }: PaceOptions): void {
  stack.addRelativeTo(
    (next, context) => async (args) => {
      const action = (context.commandName ?? 'Unknown').replace(/Command$/, '');
      await pacer.take();
      noteCall();
      try {
        const answer = await next(args);
        pacer.succeeded();
        onAttempt({ service, action, outcome: 'ok' });
        return answer;
      } catch (error) {
        const throttled = isThrottling(error);
        if (throttled) pacer.throttled();
        onAttempt({ service, action, outcome: throttled ? 'throttled' : 'error' });
        throw error;
      }
    },
    { name: 'nightshiftPacing', relation: 'after', toMiddleware: 'retryMiddleware' },
  );
}
