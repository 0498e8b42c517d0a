import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { CleanupActivities } from '../../activities/cleanup/index.js';
import type { Pace } from '../../domain/config/index.js';
import { parseDuration } from '../../domain/duration.js';

/** Nothing here gives up for being throttled or cut off for a while: a night is long. */
const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Before a run's settings are known. What is done by then is short. */
const unconfigured: Pick<Pace, 'workerTimeout'> = { workerTimeout: '10s' };

/** The activities of a cleanup. A worker that dies is noticed within the run's `workerTimeout`: they heartbeat. */
export function activitiesWith({ workerTimeout } = unconfigured) {
  const heartbeatTimeout = parseDuration(workerTimeout);
  return {
    /** Looking: safe to repeat, and the run has nothing to do without an answer. */
    look: proxyActivities<Pick<CleanupActivities, 'prepareRun' | 'inspectTarget'>>({
      startToCloseTimeout: '1h',
      scheduleToCloseTimeout: '3h',
      heartbeatTimeout,
      retry,
    }),

    /** Deleting: each attempt carries a token, so a repeat is the same operation. */
    act: proxyActivities<Pick<CleanupActivities, 'deleteStacks' | 'deleteSnapshots'>>({
      startToCloseTimeout: '1h',
      scheduleToCloseTimeout: '6h',
      heartbeatTimeout,
      retry,
    }),

    /** Emptying a bucket takes as long as it holds objects. */
    empty: proxyActivities<Pick<CleanupActivities, 'emptyBucket' | 'deleteBucket'>>({
      startToCloseTimeout: '12h',
      scheduleToCloseTimeout: '24h',
      heartbeatTimeout,
      retry,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    }),

    /**
     * Watching. What is watched changes when a delete begins elsewhere in the target: the watch is then
     * dropped without waiting for it, and a new one sees everything that the old one would have told.
     */
    watch: proxyActivities<Pick<CleanupActivities, 'awaitChanges' | 'awaitTargetFree'>>({
      startToCloseTimeout: '48h',
      heartbeatTimeout,
      retry,
      cancellationType: ActivityCancellationType.TRY_CANCEL,
    }),
  };
}

/** Telling: never worth failing a run for. */
export const tell = proxyActivities<Pick<CleanupActivities, 'notifySlack'>>({
  startToCloseTimeout: '30s',
  retry: { ...retry, maximumAttempts: 5 },
});
