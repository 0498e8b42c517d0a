import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { CleanupActivities } from '../../activities/cleanup/index.js';

/** A worker that dies is noticed within this time: activities heartbeat every few seconds. */
const heartbeatTimeout = '30s';

/** Nothing here gives up for being throttled or cut off for a while: a night is long. */
const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Looking: safe to repeat, and the run has nothing to do without an answer. */
export const look = proxyActivities<Pick<CleanupActivities, 'prepareRun' | 'inspectTarget'>>({
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '3h',
  heartbeatTimeout,
  retry,
});

/** Deleting: each attempt carries a token, so a repeat is the same operation. */
export const act = proxyActivities<Pick<CleanupActivities, 'deleteStacks' | 'deleteSnapshots'>>({
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: '6h',
  heartbeatTimeout,
  retry,
});

/** Emptying a bucket takes as long as it holds objects. */
export const empty = proxyActivities<Pick<CleanupActivities, 'emptyBucket' | 'deleteBucket'>>({
  startToCloseTimeout: '12h',
  scheduleToCloseTimeout: '24h',
  heartbeatTimeout,
  retry,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/**
 * Watching. What is watched changes when a delete begins elsewhere in the target: the watch is then
 * dropped without waiting for it, and a new one sees everything that the old one would have told.
 */
export const watch = proxyActivities<Pick<CleanupActivities, 'awaitChanges' | 'awaitTargetFree'>>({
  startToCloseTimeout: '48h',
  heartbeatTimeout,
  retry,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
});

/** Telling: never worth failing a run for. */
export const tell = proxyActivities<Pick<CleanupActivities, 'notifySlack'>>({
  startToCloseTimeout: '30s',
  retry: { ...retry, maximumAttempts: 5 },
});
