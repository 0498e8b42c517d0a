import type { Fault } from '../../sandbox/faults/schema.js';
import type { Sandbox } from '../../sandbox/index.js';
import { type RetryPolicy, retryPolicies } from '../../src/buildkite/retry.js';
import { atEnd } from '../builds/scenario.js';

/** Has the calls to Buildkite tried again after milliseconds, in this process: as often as ever, only sooner. */
export function hasten(): void {
  for (const policy of Object.values<RetryPolicy>(retryPolicies)) {
    policy.firstMs = Math.min(policy.firstMs, 20);
    policy.mostMs = 500;
    if (policy.jitterMs) policy.jitterMs = [0, 20];
  }
}

type Loss = 'before' | 'after';

/**
 * Breaks the connection of the next call of each of these actions, before the call has its effect or after it, and
 * of no later one. Returns those that have not been struck yet.
 */
export function loseNext(
  sandbox: Sandbox,
  service: 'buildkite' | 'codebuild' | 'ssm',
  actions: readonly string[],
  when: Loss,
): () => string[] {
  const waiting = new Map<string, Fault>(
    actions.map((action) => [
      action,
      { kind: 'loseResponse', service, actions: [action], share: 1, when },
    ]),
  );
  for (const fault of waiting.values()) sandbox.faults.add(fault);
  const since = sandbox.ledger.size;
  const timer = setInterval(() => {
    for (const { action } of sandbox.ledger.entries({ service, outcome: 'lost', since })) {
      const fault = waiting.get(action);
      if (!fault) continue;
      waiting.delete(action);
      sandbox.faults.set(sandbox.faults.list().filter((active) => active !== fault));
    }
    if (waiting.size === 0) clearInterval(timer);
  }, 5);
  atEnd(() => Promise.resolve(clearInterval(timer)));
  return () => [...waiting.keys()];
}
