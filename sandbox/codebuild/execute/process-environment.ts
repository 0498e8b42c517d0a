import type { Build } from '../build.js';
import type { Scratch } from './scratch.js';

/**
 * The whole environment of a build's processes: its own variables over CodeBuild's (guide, "Environment variables in
 * build environments"). Of this process's environment it has the PATH only.
 */
export function processEnvironment(
  build: Build,
  scratch: Scratch,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const { project, order } = build;
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    ...values,
    HOME: scratch.home,
    TMPDIR: scratch.temporary,
    AWS_REGION: project.region,
    AWS_DEFAULT_REGION: project.region,
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_IMAGE: order.environment.image,
    CODEBUILD_BUILD_NUMBER: String(build.number),
    CODEBUILD_BUILD_SUCCEEDING: '1',
    CODEBUILD_CI: 'true',
    CODEBUILD_INITIATOR: build.options.initiator,
    CODEBUILD_LOG_PATH: build.logPlace?.stream ?? '',
    CODEBUILD_PROJECT_ARN: project.arn,
    CODEBUILD_SOURCE_REPO_URL: order.source.location ?? '',
    CODEBUILD_SOURCE_VERSION: order.sourceVersion ?? '',
    CODEBUILD_RESOLVED_SOURCE_VERSION: order.sourceVersion ?? '',
    CODEBUILD_SRC_DIR: scratch.source,
    CODEBUILD_START_TIME: String(Math.floor(build.options.submittedAt)),
  };
}
