import {
  CancellationScope,
  allHandlersFinished,
  condition,
  continueAsNew,
  setHandler,
} from '@temporalio/workflow';
import { type CarriedQueue, QueueRun } from './queue-run.js';
import * as messages from './messages.js';

/**
 * Serves one queue of Buildkite: finds its jobs and starts a workflow for each, as many at once as configured. The
 * only owner of the queue's slots.
 */
export async function buildkiteQueue(input: unknown, carried?: CarriedQueue): Promise<void> {
  const run = new QueueRun(input, carried);
  setHandler(messages.queueStatusQuery, () => run.status());
  setHandler(messages.configureSignal, (setup) => run.configure(setup));
  setHandler(messages.stopQueueSignal, () => run.stop());
  // Cancelling the workflow is asking it to take no more; jobs that run go on.
  CancellationScope.current().cancelRequested.catch(() => run.stop());
  const next = await CancellationScope.nonCancellable(() => run.run());
  await condition(allHandlersFinished);
  if (next) await continueAsNew<typeof buildkiteQueue>(...next);
}
