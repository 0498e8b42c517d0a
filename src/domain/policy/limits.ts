import type { Policy } from './policy.js';

/**
 * Why a policy must not act in a target: its `max-resources` or `max-resources-percent` is passed.
 * `population` counts the resources before any filter. Undefined when nothing stands in the way.
 */
export function limitRefusal(
  { name, limits }: Policy,
  { selected, population }: { selected: number; population: number },
): string | undefined {
  if (!limits) return undefined;
  const { amount, percent, op } = limits;
  const overAmount = amount !== undefined && selected > amount;
  // Custodian takes 0 percent for no limit.
  const overPercent = Boolean(percent) && selected > population * ((percent ?? 0) / 100);
  // With `and`, a limit that is not there can't be passed.
  const passed = op === 'and' ? overAmount && overPercent : overAmount || overPercent;
  if (!passed) return undefined;
  const allowed = [
    ...(overAmount ? [`max-resources ${amount}`] : []),
    ...(overPercent ? [`max-resources-percent ${percent ?? 0} of ${population}`] : []),
  ];
  return `policy ${name} selects ${selected} resources, more than ${allowed.join(' and ')} allows`;
}
