import { proxyActivities } from '@temporalio/workflow';
import type { BuildkiteActivities } from '../../activities/buildkite/index.js';
import type { BuildsActivities } from '../../activities/builds/index.js';
import type { SweepResult } from '../../domain/builds/sweep.js';
import { messageOf, unwrapped } from '../failure.js';

const { prepareSweep, sweepProject, sweepJobs } = proxyActivities<
  Pick<BuildsActivities, 'prepareSweep' | 'sweepProject'> & Pick<BuildkiteActivities, 'sweepJobs'>
>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: '30s',
  // The next sweep is not far.
  retry: { initialInterval: '1s', maximumAttempts: 3 },
});

/** Stops builds of ours, and ends Buildkite jobs of ours, whose workflow is gone: terminated, say. */
export async function sweepBuilds(input: unknown): Promise<SweepResult> {
  const { projects, pace, troubles } = await unwrapped(prepareSweep(input ?? {}));
  const result: SweepResult = {
    projects: projects.length,
    stopped: [],
    finished: [],
    troubles,
  };
  for (const project of projects) {
    // One project that can't be looked at hides no other.
    await sweepProject(project).then(
      ({ stopped }) => void result.stopped.push(...stopped),
      (error: unknown) => void result.troubles.push(messageOf(error)),
    );
  }
  await sweepJobs({ pace }).then(
    ({ finished, troubles: ofJobs }) => {
      result.finished.push(...finished);
      result.troubles.push(...ofJobs);
    },
    (error: unknown) => void result.troubles.push(messageOf(error)),
  );
  return result;
}
