import { type CleanupDependencies, createCleanupActivities } from './cleanup/index.js';

export type ActivityDependencies = CleanupDependencies;

/** All activities of a worker, by the names that workflows call them by. */
export function createActivities(dependencies: ActivityDependencies) {
  return { ...createCleanupActivities(dependencies) };
}
