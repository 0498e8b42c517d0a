/** Bounds in minutes (API, StartBuild: `timeoutInMinutesOverride`, `queuedTimeoutInMinutesOverride`). */
export const timeoutMinutes = { min: 5, max: 2160 };
export const queuedTimeoutMinutes = { min: 5, max: 480 };

/** "The maximum number of builds in a queue is five times the concurrent build limit" (guide, "Builds"). */
export const queuedPerConcurrent = 5;

/** Ids or names that one Batch… call takes, and entries on a page of a list. */
export const batchSize = 100;
export const pageSize = 100;

/** "The token … is valid for 5 minutes" (API, StartBuild). */
export const tokenMilliseconds = 5 * 60_000;
