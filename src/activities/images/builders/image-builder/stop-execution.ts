import { cancelExecution } from './execution.js';
import { type EndedOptions, ended, regionsOf } from './follow-execution.js';
import { removeLeftovers } from './leftovers.js';

/** How long a cancelled execution is waited for, in milliseconds. */
const patience = 120_000;

/** Stops an execution, and removes what it leaves behind. An image that was done by then stays. */
export async function stopExecution(options: EndedOptions): Promise<void> {
  const { client, arn, target, signal } = options;
  await cancelExecution(client, arn, signal);
  const image = await ended(options, Date.now() + patience);
  const { status } = image?.state ?? {};
  if (status === 'CANCELLED' || status === 'FAILED')
    await removeLeftovers(options, regionsOf(target, image));
}
