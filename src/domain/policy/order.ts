import { nearest } from '../config/nearest.js';
import type { InputIssue } from '../errors.js';
import { InvalidInputError } from '../errors.js';
import type { Policy } from './policy.js';

/**
 * Policies in an order in which each comes behind those it is to run `after`; otherwise as given.
 * Give it all there are, and pick from the result: a name in `after` that isn't there is an error,
 * and so is a circle. Throws InvalidInputError with every such mistake.
 */
export function orderPolicies(policies: readonly Policy[]): Policy[] {
  return policyStages(policies).flat();
}

/** The same, in stages: those of one stage don't wait for each other. */
export function policyStages(policies: readonly Policy[]): Policy[][] {
  const issues = unknownNames(policies);
  const stages: Policy[][] = [];
  const done = new Set<string>();
  let left = [...policies];
  const known = new Set(policies.map(({ name }) => name));
  while (left.length > 0) {
    const ready = left.filter(({ options }) =>
      options.after.every((name) => done.has(name) || !known.has(name)),
    );
    if (ready.length === 0) break;
    stages.push(ready);
    for (const { name } of ready) done.add(name);
    left = left.filter((policy) => !ready.includes(policy));
  }
  if (left.length > 0) issues.push(circle(left));
  if (issues.length > 0) throw new InvalidInputError(issues);
  return stages;
}

function unknownNames(policies: readonly Policy[]): InputIssue[] {
  const names = policies.map(({ name }) => name);
  return policies.flatMap(({ name, source, options }) =>
    options.after
      .filter((wanted) => !names.includes(wanted))
      .map((wanted) => {
        const meant = nearest(wanted, names);
        const suggestion = meant === undefined ? '' : ` (did you mean ${meant}?)`;
        return {
          source,
          path: '',
          message: `policy ${name}: metadata.nightshift.after names ${JSON.stringify(wanted)}, which is not a policy${suggestion}; there are ${names.join(', ')}`,
        };
      }),
  );
}

// Each of those left waits for another of them, so following the waits must come round.
function circle(left: readonly Policy[]): InputIssue {
  const byName = new Map(left.map((policy) => [policy.name, policy]));
  const path: Policy[] = [];
  let next = left[0];
  while (next && !path.includes(next)) {
    path.push(next);
    next = next.options.after
      .map((name) => byName.get(name))
      .find((policy) => policy !== undefined);
  }
  const round = [...path.slice(next ? path.indexOf(next) : 0), ...(next ? [next] : [])];
  const names = round.map(({ name }) => name).join(' → ');
  return {
    source: round[0]?.source ?? '',
    path: '',
    message: `policies wait for each other: ${names}; take one name out of metadata.nightshift.after`,
  };
}
