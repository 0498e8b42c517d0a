import { checkEnvironment, type Environment } from './environment.js';
import type { BuildOrder, LogTarget, Source } from './order.js';
import type { Project } from './project.js';
import type { StartBuildInput } from './start-input.js';
import { mergeVariables } from './variables.js';

/** A project's settings with a build's overrides over them. Throws where they don't go together. */
export function placeOrder(project: Project, input: StartBuildInput): BuildOrder {
  const { spec } = project;
  const environment = environmentOf(project, input);
  checkEnvironment(environment);
  return {
    source: sourceOf(project, input),
    ...(input.sourceVersion === undefined ? {} : { sourceVersion: input.sourceVersion }),
    environment,
    variables: mergeVariables(project.variables, input.environmentVariablesOverride ?? []),
    serviceRole: input.serviceRoleOverride ?? project.serviceRole,
    timeoutMinutes: input.timeoutInMinutesOverride ?? spec.timeoutMinutes,
    queuedTimeoutMinutes: input.queuedTimeoutInMinutesOverride ?? spec.queuedTimeoutMinutes,
    logs: logsOf(project, input),
    autoRetryLimit: input.autoRetryLimitOverride ?? spec.autoRetryLimit,
  };
}

function environmentOf({ spec }: Project, input: StartBuildInput): Environment {
  const { environment } = spec;
  return {
    type: input.environmentTypeOverride ?? environment.type,
    image: input.imageOverride ?? environment.image,
    computeType: input.computeTypeOverride ?? environment.computeType,
    privilegedMode: input.privilegedModeOverride ?? environment.privileged,
    imagePullCredentialsType: input.imagePullCredentialsTypeOverride ?? 'CODEBUILD',
  };
}

function sourceOf({ spec }: Project, input: StartBuildInput): Source {
  const buildspec = input.buildspecOverride ?? spec.buildspec;
  return {
    type: input.sourceTypeOverride ?? 'NO_SOURCE',
    ...(input.sourceLocationOverride === undefined
      ? {}
      : { location: input.sourceLocationOverride }),
    ...(buildspec === undefined ? {} : { buildspec }),
    ...(input.gitCloneDepthOverride === undefined
      ? {}
      : { gitCloneDepth: input.gitCloneDepthOverride }),
  };
}

function logsOf({ spec }: Project, input: StartBuildInput): LogTarget {
  const override = input.logsConfigOverride?.cloudWatchLogs;
  const streamPrefix = override?.streamName;
  return {
    status: override?.status ?? spec.logs.status,
    group: override?.groupName ?? spec.logs.group ?? `/aws/codebuild/${spec.name}`,
    ...(streamPrefix === undefined ? {} : { streamPrefix }),
  };
}
