import {
  CancellationScope,
  allHandlersFinished,
  condition,
  setHandler,
} from '@temporalio/workflow';
import type { BuildResult } from '../../domain/builds/result.js';
import { BuildRun } from './build-run.js';
import * as messages from './messages.js';

/**
 * Runs one CodeBuild build: starts it once, follows it and its log to the end, and stops it whenever it ends
 * in any other way than by the build's own end.
 */
export async function codebuildBuild(input: unknown): Promise<BuildResult> {
  const run = new BuildRun(input ?? {});
  setHandler(messages.progressQuery, () => run.progress());
  setHandler(messages.buildsQuery, () => run.builds());
  setHandler(messages.nextBuildUpdate, (request) => run.nextBuild(request?.after));
  setHandler(messages.stopSignal, (request) => run.stop(request?.reason));
  // Cancelling the workflow is asking it to stop: it still tells the truth about the build.
  CancellationScope.current().cancelRequested.catch(() => run.stop('the workflow was cancelled'));
  return await CancellationScope.nonCancellable(async () => {
    try {
      return await run.run();
    } finally {
      // Whoever waits for another build is told that there is none.
      await condition(allHandlersFinished);
    }
  });
}
