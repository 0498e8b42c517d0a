import type { ResultItem } from '../../domain/cleanup/result.js';
import type { Target } from '../../domain/target.js';

/** AWS's console has a host of its own in each partition. */
const hosts = [
  { partition: /^cn-/, host: 'console.amazonaws.cn' },
  { partition: /^us-gov-/, host: 'console.amazonaws-us-gov.com' },
  { partition: /^/, host: 'console.aws.amazon.com' },
];

/** Where the console shows a stack; undefined for what isn't a stack or has no StackId. */
export function consoleLink(
  item: Pick<ResultItem, 'id' | 'kind'>,
  target: Target,
): string | undefined {
  if (item.kind !== 'stack' || !/^arn:[\w-]+:cloudformation:/.test(item.id)) return undefined;
  const host = hosts.find(({ partition }) => partition.test(target.region))?.host ?? '';
  const stackId = encodeURIComponent(item.id);
  return `https://${target.region}.${host}/cloudformation/home?region=${target.region}#/stacks/events?stackId=${stackId}`;
}
