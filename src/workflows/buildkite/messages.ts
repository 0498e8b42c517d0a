import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { JobCall } from '../../activities/buildkite/attend-job.js';
import type { JobStanding, QueueStatus } from '../../domain/buildkite/result.js';
import type { BuildSetup } from '../../domain/builds/setup.js';

// Of a queue.
export const configureSignal = defineSignal<[BuildSetup?]>('configure');
export const stopQueueSignal = defineSignal('stop');
export const queueStatusQuery = defineQuery<QueueStatus>('status');

// Of a job.
export const callSignal = defineSignal<[JobCall]>('call');
export const jobQuery = defineQuery<JobStanding>('job');
