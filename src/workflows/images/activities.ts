import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ImagesActivities } from '../../activities/images/index.js';
import type { Pace } from '../../domain/config/index.js';
import { parseDuration } from '../../domain/duration.js';

const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' } as const;

/** Before a line's settings are known. What is done by then is short. */
const unconfigured: Pick<Pace, 'workerTimeout'> = { workerTimeout: '10s' };

/** The activities of images. A worker that dies is noticed within `workerTimeout`: they heartbeat. */
export function activitiesWith({ workerTimeout } = unconfigured) {
  const heartbeatTimeout = parseDuration(workerTimeout);
  return {
    /** Looking: safe to repeat. A mirror in the middle of a sync has this long to come to its end. */
    look: proxyActivities<
      Pick<
        ImagesActivities,
        | 'prepareLine'
        | 'readSource'
        | 'listImages'
        | 'findImage'
        | 'resolveBaseImage'
        | 'readTracker'
      >
    >({
      startToCloseTimeout: '15m',
      scheduleToCloseTimeout: '1h',
      heartbeatTimeout,
      retry,
    }),

    /** Small changes to images that are there. */
    change: proxyActivities<
      Pick<ImagesActivities, 'tagImage' | 'shareImage' | 'deprecateImages' | 'removeImages'>
    >({
      startToCloseTimeout: '15m',
      scheduleToCloseTimeout: '2h',
      heartbeatTimeout,
      retry,
    }),

    /** As long as an image may take: each waits by itself for the time that is configured. */
    wait: proxyActivities<Pick<ImagesActivities, 'awaitImage'>>({
      startToCloseTimeout: '49h',
      heartbeatTimeout,
      retry,
    }),

    /** A region that fails is tried again alone; what is left then is the next attempt's. */
    copy: proxyActivities<Pick<ImagesActivities, 'copyImage'>>({
      startToCloseTimeout: '49h',
      heartbeatTimeout,
      retry: { ...retry, maximumAttempts: 5 },
    }),

    /** Builders that are no workflow of ours. */
    build: proxyActivities<
      Pick<ImagesActivities, 'readManifest' | 'startPipeline' | 'startExecution'>
    >({
      startToCloseTimeout: '30m',
      scheduleToCloseTimeout: '2h',
      heartbeatTimeout,
      retry,
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    }),

    follow: proxyActivities<Pick<ImagesActivities, 'followPipeline' | 'followExecution'>>({
      startToCloseTimeout: '49h',
      heartbeatTimeout,
      retry,
    }),

    /** What is left running costs money. */
    stop: proxyActivities<Pick<ImagesActivities, 'stopPipeline' | 'stopExecution'>>({
      startToCloseTimeout: '10m',
      scheduleToCloseTimeout: '6h',
      heartbeatTimeout,
      retry,
    }),

    /** For as long as a check's images take. */
    ask: proxyActivities<Pick<ImagesActivities, 'checkLine'>>({
      startToCloseTimeout: '7d',
      heartbeatTimeout,
      retry,
    }),

    /** The next image writes it again. */
    track: proxyActivities<Pick<ImagesActivities, 'writeTracker'>>({
      startToCloseTimeout: '10m',
      scheduleToCloseTimeout: '30m',
      heartbeatTimeout,
      retry,
    }),

    tell: proxyActivities<Pick<ImagesActivities, 'notifyImages'>>({
      startToCloseTimeout: '1m',
      retry: { ...retry, maximumAttempts: 5 },
    }),
  };
}
