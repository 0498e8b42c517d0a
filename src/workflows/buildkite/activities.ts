import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { BuildkiteActivities } from '../../activities/buildkite/index.js';
import type { CleanupActivities } from '../../activities/cleanup/index.js';
import type { Pace } from '../../domain/config/index.js';
import { parseDuration } from '../../domain/duration.js';

const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' } as const;

/** Before settings are known. What is done by then is short. */
const unconfigured: Pick<Pace, 'workerTimeout'> = { workerTimeout: '10s' };

/** The activities of Buildkite's jobs. A worker that dies is noticed within `workerTimeout`: they heartbeat. */
export function activitiesWith({ workerTimeout } = unconfigured) {
  const heartbeatTimeout = parseDuration(workerTimeout);
  return {
    prepare: proxyActivities<Pick<BuildkiteActivities, 'prepareQueue' | 'prepareJob'>>({
      startToCloseTimeout: '10m',
      scheduleToCloseTimeout: '1h',
      heartbeatTimeout,
      retry,
    }),

    /** What a job needs before it runs: Buildkite's own retries are within each attempt. */
    take: proxyActivities<
      Pick<BuildkiteActivities, 'registerAgent' | 'takeJob' | 'startJob' | 'keepJobToken'>
    >({
      startToCloseTimeout: '15m',
      scheduleToCloseTimeout: '30m',
      heartbeatTimeout,
      retry,
    }),

    /** Signs of life: as long as the job. */
    attend: proxyActivities<Pick<BuildkiteActivities, 'attendJob'>>({
      startToCloseTimeout: '72h',
      heartbeatTimeout,
      retry: { ...retry, initialInterval: '200ms', maximumInterval: '5s' },
      cancellationType: ActivityCancellationType.TRY_CANCEL,
    }),

    /** The end of a job must reach Buildkite. */
    end: proxyActivities<
      Pick<
        BuildkiteActivities,
        'writeJobLog' | 'finishJob' | 'dropJobToken' | 'disconnectAgent' | 'failReservedJob'
      >
    >({
      startToCloseTimeout: '20m',
      scheduleToCloseTimeout: '1h',
      heartbeatTimeout,
      retry,
    }),

    /** Nice to have. */
    tell: proxyActivities<Pick<BuildkiteActivities, 'announceBuild'>>({
      startToCloseTimeout: '8h',
      heartbeatTimeout,
      retry: { ...retry, maximumAttempts: 10 },
    }),

    /** Looking for jobs: for as long as there are none. What one has when it is stopped must not be lost. */
    intake: proxyActivities<Pick<BuildkiteActivities, 'awaitDispatch' | 'awaitScheduled'>>({
      startToCloseTimeout: '24h',
      heartbeatTimeout,
      retry: { ...retry, initialInterval: '200ms' },
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    }),

    leave: proxyActivities<Pick<BuildkiteActivities, 'leaveStack'>>({
      startToCloseTimeout: '5m',
      heartbeatTimeout,
      retry: { ...retry, maximumAttempts: 3 },
    }),

    /** Until a job that an earlier run of a queue has begun is over. */
    wait: proxyActivities<Pick<CleanupActivities, 'awaitTargetFree'>>({
      startToCloseTimeout: '72h',
      heartbeatTimeout,
      retry,
    }),
  };
}
