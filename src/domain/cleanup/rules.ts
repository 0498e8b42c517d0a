import type { Policy } from '../policy/index.js';
import { roleArn } from '../role-arn.js';
import type { PolicyOrder } from './order.js';
import type { PassRules } from './passes.js';
import type { TargetSpec } from './spec.js';

/** A policy's say in a target, with the run's settings where the policy is silent. */
export function passRules(
  { options, action, resource }: Policy,
  { target, settings, planIsLimit }: TargetSpec,
): PassRules {
  const deleteRoleArn = roleArn({ role: options.deleteRole }, target.account);
  return {
    passes: options.passes,
    terminationProtection: options.terminationProtection,
    nonEmptyBuckets:
      resource === 'bucket' ? (action.removeContents ? 'empty' : 'fail') : options.nonEmptyBuckets,
    lastResort: options.lastResort,
    newStacks: planIsLimit ? 'leave' : (options.newStacks ?? settings.cleanup.newStacks),
    ...(deleteRoleArn === undefined ? {} : { deleteRoleArn }),
  };
}

/** For each policy of the run, all that come before it: what it is `after`, and what those are after. */
export function policyOrder(policies: readonly Policy[]): PolicyOrder {
  const direct = new Map(policies.map(({ name, options }) => [name, options.after]));
  const order = new Map<string, string[]>();
  for (const name of direct.keys()) {
    const earlier = new Set<string>();
    const work = [...(direct.get(name) ?? [])];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (earlier.has(next)) continue;
      earlier.add(next);
      work.push(...(direct.get(next) ?? []));
    }
    order.set(name, [...earlier]);
  }
  return order;
}
