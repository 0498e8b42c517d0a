import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { BuildsActivities } from '../../activities/builds/index.js';
import type { Pace } from '../../domain/config/index.js';
import { parseDuration } from '../../domain/duration.js';

/** Nothing here gives up for being throttled or cut off for a while. */
const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Before a build's settings are known. What is done by then is short. */
const unconfigured: Pick<Pace, 'workerTimeout'> = { workerTimeout: '10s' };

/** The activities of a build. A worker that dies is noticed within `workerTimeout`: they heartbeat. */
export function activitiesWith({ workerTimeout } = unconfigured) {
  const heartbeatTimeout = parseDuration(workerTimeout);
  return {
    /** Looking: short, and safe to repeat. */
    look: proxyActivities<Pick<BuildsActivities, 'prepareBuild' | 'describeBuild' | 'findBuild'>>({
      startToCloseTimeout: '10m',
      scheduleToCloseTimeout: '1h',
      heartbeatTimeout,
      retry,
    }),

    /**
     * Starting: the same start again leads to the same build. Where there is no room, it waits: as long as a
     * build may wait in CodeBuild's own queue.
     */
    start: proxyActivities<Pick<BuildsActivities, 'startBuild'>>({
      startToCloseTimeout: '10m',
      scheduleToCloseTimeout: '8h',
      heartbeatTimeout,
      retry: { ...retry, maximumInterval: '15s' },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    }),

    /** Stopping must not be given up soon: a build that is left running costs money. */
    stop: proxyActivities<Pick<BuildsActivities, 'stopBuild'>>({
      startToCloseTimeout: '10m',
      scheduleToCloseTimeout: '6h',
      heartbeatTimeout,
      retry,
    }),

    /** Following: 8 h in the queue, 36 h at work, and the log after that. */
    follow: proxyActivities<Pick<BuildsActivities, 'followBuild'>>({
      startToCloseTimeout: '72h',
      heartbeatTimeout,
      retry: { ...retry, initialInterval: '200ms', maximumInterval: '10s' },
      // Where it is when it is cancelled, the next one begins.
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    }),

    /** A look at a log, for somebody who waits for it. */
    read: proxyActivities<Pick<BuildsActivities, 'readLog'>>({
      startToCloseTimeout: '10m',
      scheduleToCloseTimeout: '30m',
      heartbeatTimeout,
      retry,
    }),
  };
}
