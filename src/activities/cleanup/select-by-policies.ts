import {
  type JsonObject,
  type Policy,
  type SelectionContext,
  limitRefusal,
  selectResources,
} from '../../domain/policy/index.js';

export interface Choice<T> {
  resource: T;
  policy: Policy;
  /** Why the policy must not act: it selects more than its own limits allow. */
  refusal?: string;
}

/** What policies select of the resources of a target; one that two policies select belongs to the first. */
export function selectByPolicies<T extends JsonObject>(
  policies: readonly Policy[],
  resources: readonly T[],
  context: SelectionContext,
): Choice<T>[] {
  const chosen = new Map<T, Choice<T>>();
  for (const policy of policies) {
    const selected = selectResources(policy, resources, context);
    const refusal = limitRefusal(policy, {
      selected: selected.length,
      population: resources.length,
    });
    for (const resource of selected) {
      if (chosen.has(resource)) continue;
      chosen.set(resource, { resource, policy, ...(refusal === undefined ? {} : { refusal }) });
    }
  }
  return [...chosen.values()];
}
