import type { FinalizeHandler, MetadataBearer } from '@smithy/types';
import { noteCall } from './calls.js';
import { isThrottling } from './errors.js';
import type { Pacer } from './pacer.js';

/** What every client of the SDK has: the steps that a call goes through. */
export interface Pipeline {
  addRelativeTo(
    middleware: <Output extends MetadataBearer>(
      next: FinalizeHandler<object, Output>,
    ) => FinalizeHandler<object, Output>,
    options: { name: string; relation: 'before' | 'after'; toMiddleware: string },
  ): void;
}

/** Paces and counts every attempt of a client's calls, the SDK's own retries included. */
export function pace(stack: Pipeline, pacer: Pacer): void {
  stack.addRelativeTo(
    (next) => async (args) => {
      await pacer.take();
      noteCall();
      try {
        const answer = await next(args);
        pacer.succeeded();
        return answer;
      } catch (error) {
        if (isThrottling(error)) pacer.throttled();
        throw error;
      }
    },
    { name: 'nightshiftPacing', relation: 'after', toMiddleware: 'retryMiddleware' },
  );
}
