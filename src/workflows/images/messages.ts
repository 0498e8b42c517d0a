import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type * as requests from '../../domain/images/messages.js';
import type {
  CheckResult,
  CheckStarted,
  LineRecord,
  LineStatus,
} from '../../domain/images/result.js';

export const statusQuery = defineQuery<LineStatus>('status');
/** As `status`, with what a check would hold back now. */
export const planQuery = defineQuery<LineStatus>('plan');
/** For whoever writes the tracker. */
export const recordQuery = defineQuery<LineRecord>('record');

export const checkUpdate = defineUpdate<CheckStarted, [requests.CheckRequest?]>('check');
/** What has become of a check; null where the line continues as new, and is to be asked again. */
export const settledUpdate = defineUpdate<CheckResult | null, [{ check: number }]>('settled');
export const buildUpdate = defineUpdate<CheckStarted, [requests.BuildRequest?]>('build');
export const releaseUpdate = defineUpdate<requests.ReleaseResult, [requests.ReleaseRequest?]>(
  'release',
);
export const seedUpdate = defineUpdate<requests.SeedResult, [requests.SeedRequest]>('seed');
export const pruneUpdate = defineUpdate<requests.PruneResult, [requests.PruneRequest?]>('prune');
