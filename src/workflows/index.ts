/** The workflow types, as they are started: `temporal workflow start --type cleanup`. */
export { cleanup } from './cleanup/cleanup.js';
export { cleanupTarget } from './cleanup/cleanup-target.js';
export { codebuildBuild } from './builds/codebuild-build.js';
export { buildLog } from './builds/build-log.js';
export { describeBuild } from './builds/describe-build.js';
export { stopBuild } from './builds/stop-build.js';
export { buildkiteJob } from './buildkite/buildkite-job.js';
export { buildkiteQueue } from './buildkite/buildkite-queue.js';
export { imageLine } from './images/image-line.js';
export { imageBuild } from './images/image-build.js';
export { imageCheck } from './images/image-check.js';
export { sweepBuilds } from './builds/sweep-builds.js';
