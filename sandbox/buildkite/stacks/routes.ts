import type { Route } from '../routes.js';
import { batchReserve, finishByStack, getJob, getStates } from './jobs.js';
import { limited } from './limited.js';
import { notify } from './notifications.js';
import { deregisterStack, registerStack } from './register.js';
import { scheduledJobs } from './scheduled-jobs.js';

/** The Stacks API. */
export const stackRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/stacks/register',
    action: 'StackRegister',
    run: registerStack,
  },
  {
    method: 'GET',
    path: '/stacks/:stack/scheduled-jobs',
    action: 'StackScheduledJobs',
    run: limited('list-scheduled-jobs', scheduledJobs),
  },
  {
    method: 'PUT',
    path: '/stacks/:stack/scheduled-jobs/batch-reserve',
    action: 'StackBatchReserve',
    run: limited('batch-reserve', batchReserve),
  },
  {
    method: 'POST',
    path: '/stacks/:stack/jobs/get-states',
    action: 'StackGetStates',
    run: limited('batch-load-job-states', getStates),
  },
  {
    method: 'GET',
    path: '/stacks/:stack/jobs/:job',
    action: 'StackGetJob',
    run: limited('show-job', getJob),
  },
  {
    method: 'POST',
    path: '/stacks/:stack/jobs/:job/finish',
    action: 'StackFinishJob',
    run: limited('finish-job', finishByStack),
  },
  {
    method: 'POST',
    path: '/stacks/:stack/notifications',
    action: 'StackNotifications',
    run: limited('stack-notification', notify),
  },
  {
    method: 'POST',
    path: '/stacks/:stack/deregister',
    action: 'StackDeregister',
    run: limited('default', deregisterStack),
  },
];
