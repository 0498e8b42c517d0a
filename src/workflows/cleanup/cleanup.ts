import { CancellationScope, setHandler } from '@temporalio/workflow';
import type { ApproveRequest, CancelRequest, SkipRequest } from '../../domain/cleanup/messages.js';
import type { RunSummary } from '../../domain/cleanup/progress.js';
import { CleanupRun } from './cleanup-run.js';
import * as messages from './messages.js';

/**
 * Runs policies over targets: plans every target, holds the whole against the rails and a person's
 * approval, and lets the targets proceed. Returns counts; each target's workflow holds its items.
 */
export async function cleanup(input: unknown): Promise<RunSummary> {
  const run = new CleanupRun(input ?? {});
  setHandler(messages.runProgressQuery, () => run.progress());
  setHandler(messages.runPlanQuery, () => run.progress());
  setHandler(messages.runResultQuery, () => run.progress());
  setHandler(messages.pauseUpdate, () => run.pause(true), { validator: () => run.checkOpen() });
  setHandler(messages.resumeUpdate, () => run.pause(false), { validator: () => run.checkOpen() });
  setHandler(messages.skipUpdate, (request: SkipRequest) => run.skip(request), {
    validator: (request: SkipRequest) => run.checkSkip(request),
  });
  setHandler(messages.approveUpdate, (request: ApproveRequest) => run.approve(request), {
    validator: (request: ApproveRequest) => run.checkApproval(request),
  });
  setHandler(messages.cancelUpdate, (request) => run.cancel(request?.reason), {
    validator: (_request?: CancelRequest) => run.checkOpen(),
  });
  // Cancelling the workflow is asking it to stop: it still tells the truth about what is in flight.
  CancellationScope.current().cancelRequested.catch(() => run.cancel('the workflow was cancelled'));
  return await CancellationScope.nonCancellable(() => run.run());
}
