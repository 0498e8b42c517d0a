import { CancellationScope, setHandler } from '@temporalio/workflow';
import type { JobResult } from '../../domain/buildkite/result.js';
import { JobRun } from './job-run.js';
import { callSignal, jobQuery } from './messages.js';

/**
 * Runs one Buildkite job as a CodeBuild build: takes it as an agent, and tells Buildkite of its log and its end. Its
 * id has the job's UUID, so that a job runs once, however it is found.
 */
export async function buildkiteJob(input: unknown): Promise<JobResult> {
  const run = new JobRun(input ?? {});
  setHandler(jobQuery, () => run.standing());
  setHandler(callSignal, (call) => run.heed(call));
  // Cancelling the workflow is asking it to stop: Buildkite is told all the same.
  CancellationScope.current().cancelRequested.catch(() => run.stop());
  return await CancellationScope.nonCancellable(() => run.run());
}
