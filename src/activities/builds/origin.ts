import type { Client } from '@temporalio/client';

/**
 * Names the Temporal namespace and cluster that a worker serves, as a build's marker has it: nobody stops builds of
 * workflows that are only unknown here.
 */
export function originOf(client: Client): () => Promise<string> {
  let known: Promise<string> | undefined;
  const ask = async () => {
    const { clusterId } = await client.workflowService.getClusterInfo({});
    return `${clusterId || 'cluster'}/${client.options.namespace}`;
  };
  return () => {
    known ??= ask();
    known.catch(() => (known = undefined));
    return known;
  };
}
