import type { Build, BuildPhase as AwsPhase } from '@aws-sdk/client-codebuild';
import { consoleLink } from '../../domain/builds/links.js';
import {
  type BuildLinks,
  type BuildPhase,
  type BuildSnapshot,
  type BuildStatus,
  type LogPlace,
  buildStatuses,
} from '../../domain/builds/result.js';
import { markerVariables } from '../../domain/builds/spec.js';
import type { Target } from '../../domain/target.js';

/** What CodeBuild says of a build, in our words. */
export function snapshotOf(build: Build, target: Target): BuildSnapshot {
  const { id = '', projectName = '', buildNumber, currentPhase, sourceVersion } = build;
  const arn = build.arn ?? '';
  const workflowId = variableOf(build, markerVariables.workflow);
  const next = build.autoRetryConfig?.nextAutoRetry;
  return {
    buildId: id,
    arn,
    project: projectName,
    target,
    status: statusOf(build.buildStatus),
    phases: (build.phases ?? []).map(phaseOf),
    log: logPlaceOf(build),
    links: linksOf(build, target),
    ...(buildNumber === undefined ? {} : { number: buildNumber }),
    ...(currentPhase === undefined ? {} : { phase: currentPhase }),
    ...(build.startTime ? { startedAt: build.startTime.toISOString() } : {}),
    ...(build.endTime ? { endedAt: build.endTime.toISOString() } : {}),
    ...(workflowId === undefined ? {} : { workflowId }),
    ...(next ? { nextAutoRetry: next } : {}),
    ...(sourceVersion === undefined ? {} : { sourceVersion }),
  };
}

/** The value of a plain environment variable of a build. */
export function variableOf({ environment }: Build, name: string): string | undefined {
  return environment?.environmentVariables?.find((variable) => variable.name === name)?.value;
}

/** What CodeBuild may add to its words is an end that we don't know: never "in progress" for ever. */
function statusOf(status: string | undefined): BuildStatus {
  return buildStatuses.find((known) => known === status) ?? 'FAULT';
}

function phaseOf({
  phaseType,
  phaseStatus,
  startTime,
  endTime,
  durationInSeconds,
  contexts,
}: AwsPhase): BuildPhase {
  const message = contexts
    ?.map((context) => context.message?.trim() ?? '')
    .filter((text) => text !== '')
    .join('; ');
  return {
    type: phaseType ?? 'UNKNOWN',
    ...(phaseStatus ? { status: phaseStatus } : {}),
    ...(startTime ? { startedAt: startTime.toISOString() } : {}),
    ...(endTime ? { endedAt: endTime.toISOString() } : {}),
    ...(durationInSeconds === undefined ? {} : { seconds: durationInSeconds }),
    ...(message ? { message } : {}),
  };
}

function logPlaceOf({ logs }: Build): LogPlace {
  return {
    ...(logs?.groupName ? { group: logs.groupName } : {}),
    ...(logs?.streamName ? { stream: logs.streamName } : {}),
    ...(logs?.cloudWatchLogs?.status === 'DISABLED' ? { disabled: true } : {}),
  };
}

function linksOf({ id = '', arn = '', logs }: Build, target: Target): BuildLinks {
  return {
    console: consoleLink(target, id, arn),
    ...(logs?.deepLink && logs.streamName ? { log: logs.deepLink } : {}),
  };
}
