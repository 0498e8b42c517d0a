import { expectClusterToken, type BuildkiteCall, type BuildkiteReply } from '../call.js';
import { rateHeaders, type Rate, type RateScope } from '../rates.js';
import { BuildkiteRefusal, notFound } from '../refusal.js';
import type { Stack } from './stacks.js';

/** A call of the Stacks API, by a stack that has registered. */
export interface StackCall extends BuildkiteCall {
  stack: Stack;
}

export type StackAction = (call: StackCall) => BuildkiteReply;

/** Checks token and rate, finds the stack, and puts the rate's headers on every answer, a refusal included. */
export function limited(scope: RateScope, run: StackAction) {
  return (call: BuildkiteCall): BuildkiteReply => {
    expectClusterToken(call);
    const key = call.params['stack'] ?? '';
    const rate = call.buildkite.rates.take(key, scope, call.now);
    if (!rate.granted) throw exceeded(rate);
    const headers = rateHeaders(rate);
    try {
      const stack = call.buildkite.stacks.find(key);
      if (!stack) throw notFound(`No stack "${key}"`);
      const reply = run({ ...call, stack });
      return { ...reply, headers };
    } catch (error) {
      if (!(error instanceof BuildkiteRefusal)) throw error;
      throw new BuildkiteRefusal(error.status, error.message, { ...error.more, headers });
    }
  };
}

/** Body and headers as in the docs, Stacks API, "Rate limiting". */
function exceeded(rate: Rate): BuildkiteRefusal {
  const { scope, limit, current } = rate;
  return new BuildkiteRefusal(
    429,
    'You have exceeded your API rate limit. Please wait 1 seconds before making more requests.',
    {
      headers: { ...rateHeaders(rate), 'Retry-After': '1' },
      fields: { scope, limit, current, reset: 1 },
    },
  );
}
