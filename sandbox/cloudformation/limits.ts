import type { QueryAction } from '../core/aws-query.js';
import { element, list } from '../core/xml.js';
import type { CloudFormationSettings } from './settings.js';

/** Stacks that an account may have in a region. */
export const stackLimit = 2000;

/** DescribeAccountLimits. */
export function describeAccountLimits(settings: CloudFormationSettings): QueryAction {
  const limits = [
    ['StackLimit', stackLimit],
    ['StackOutputsLimit', 200],
    ['ConcurrentResourcesLimit', settings.concurrentResourcesLimit],
  ] as const;
  return () => ({
    xml: list(
      'AccountLimits',
      limits.map(([name, value]) => element('Name', name) + element('Value', value)),
    ),
  });
}
