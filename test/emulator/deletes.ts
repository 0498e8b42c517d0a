import type { ObservedCall } from './proxy.js';

export interface StackDelete {
  stackId: string;
  stackName: string;
}

/** The DeleteStack calls that were accepted in one account × region, in their order. */
export function deletesOf(
  calls: readonly ObservedCall[],
  account: string,
  region: string,
): StackDelete[] {
  return calls
    .filter((call) => call.account === account && call.region === region)
    .filter((call) => call.action === 'DeleteStack' && call.status === 200)
    .map((call) => {
      const stackId = call.parameters['StackName'] ?? '';
      return { stackId, stackName: stackNameOf(stackId) };
    });
}

/** `net` of `arn:aws:cloudformation:us-east-1:111111111111:stack/net/4f1c…`; empty if it is no StackId. */
export function stackNameOf(stackId: string): string {
  return /:stack\/([^/]+)\//.exec(stackId)?.[1] ?? '';
}
