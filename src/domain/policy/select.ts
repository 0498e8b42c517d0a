import { compileFilter } from './filters/compile.js';
import { describeFilter } from './filters/describe.js';
import { asResource } from './filters/resource.js';
import type { Filter } from './filters/syntax.js';
import type { JsonObject } from './json.js';
import type { Policy } from './policy.js';

/** When and where a policy is evaluated. */
export interface SelectionContext {
  /** What ages and due dates are measured from. */
  now: Date;
  /** 12 digits. */
  accountId: string;
  region: string;
}

/**
 * The resources that `custodian run --dryrun` would select, in the order given.
 *
 * Resources are as AWS's API answers, in JSON: times are ISO 8601 in text, `Tags` a list of `Key`
 * and `Value` (an RDS snapshot's `TagList` too, under the name of `Tags`). Throws
 * PolicyEvaluationError where Custodian would fail.
 */
export function selectResources<T extends JsonObject>(
  policy: Policy,
  resources: readonly T[],
  context: SelectionContext,
): T[] {
  const selected = policy.filters.reduce(
    (left, filter) => compileFilter(filter, { ...context, policy: policy.name })(left),
    resources.map((resource) => asResource(resource, policy.resource, context.now)),
  );
  return selected.map(({ original }) => original);
}

export type Explanation =
  | { selected: true }
  /** `path` is the filter's place in the policy; `filter` says it in words. */
  | { selected: false; path: string; filter: string };

/**
 * Which filter left a resource out. `among` are all resources of the target, for filters that look
 * at more than one (`latest`, `resource_count`).
 */
export function explain<T extends JsonObject>(
  policy: Policy,
  resource: T,
  context: SelectionContext,
  among: readonly T[] = [resource],
): Explanation {
  let left = among.map((one) => asResource(one, policy.resource, context.now));
  const [wanted] = left.filter(({ original }) => original === resource);
  if (!wanted) throw new RangeError('the resource must be one of those it is explained among');
  for (const [index, filter] of policy.filters.entries()) {
    left = compileFilter(filter, { ...context, policy: policy.name })(left);
    if (!left.includes(wanted)) return refusal(filter, index);
  }
  return { selected: true };
}

function refusal(filter: Filter, index: number): Explanation {
  return { selected: false, path: `filters[${index}]`, filter: describeFilter(filter) };
}
