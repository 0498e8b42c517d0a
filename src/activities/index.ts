import { type BuildkiteDependencies, createBuildkiteActivities } from './buildkite/index.js';
import { type BuildsDependencies, createBuildsActivities } from './builds/index.js';
import { type CleanupDependencies, createCleanupActivities } from './cleanup/index.js';
import { type ImagesDependencies, createImagesActivities } from './images/index.js';

export type ActivityDependencies = CleanupDependencies &
  BuildsDependencies &
  BuildkiteDependencies &
  ImagesDependencies;

/** All activities of a worker, by the names that workflows call them by. */
export function createActivities(dependencies: ActivityDependencies) {
  return {
    ...createCleanupActivities(dependencies),
    ...createBuildsActivities(dependencies),
    ...createBuildkiteActivities(dependencies),
    ...createImagesActivities(dependencies),
  };
}
