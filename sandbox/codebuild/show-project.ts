import { showProjectArtifacts } from './artifacts/artifacts.js';
import type { Project } from './project.js';
import { encryptionKeyOf, showVariable } from './show-build.js';

/** A project as CodeBuild's API shows it. Times on the wire are seconds. */
export function showProject(project: Project): unknown {
  const { spec } = project;
  const { environment } = spec;
  return {
    name: spec.name,
    arn: project.arn,
    description: spec.description,
    source: { type: 'NO_SOURCE', buildspec: spec.buildspec, insecureSsl: false },
    secondarySources: [],
    artifacts: showProjectArtifacts(project),
    cache: { type: 'NO_CACHE' },
    environment: {
      type: environment.type,
      image: environment.image,
      computeType: environment.computeType,
      environmentVariables: project.variables.map(showVariable),
      privilegedMode: environment.privileged,
      imagePullCredentialsType: 'CODEBUILD',
    },
    serviceRole: project.serviceRole,
    timeoutInMinutes: spec.timeoutMinutes,
    queuedTimeoutInMinutes: spec.queuedTimeoutMinutes,
    encryptionKey: encryptionKeyOf(project),
    tags: Object.entries(spec.tags).map(([key, value]) => ({ key, value })),
    created: project.createdAt / 1000,
    lastModified: project.createdAt / 1000,
    badge: { badgeEnabled: false },
    logsConfig: {
      cloudWatchLogs: { status: spec.logs.status, groupName: spec.logs.group },
      s3Logs: { status: 'DISABLED', encryptionDisabled: false },
    },
    concurrentBuildLimit: spec.concurrentBuildLimit,
    projectVisibility: 'PRIVATE',
    autoRetryLimit: spec.autoRetryLimit,
  };
}
