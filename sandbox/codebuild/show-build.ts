import { showBuildArtifacts } from './artifacts/artifacts.js';
import type { Build, Phase } from './build.js';
import type { Project } from './project.js';
import type { Variable } from './variables.js';

/** A build as CodeBuild's API shows it at `now` (sandbox ms). Times on the wire are seconds. */
export function showBuild(build: Build, now: number): unknown {
  const { project, order, autoRetry } = build;
  const { environment, source } = order;
  return {
    id: build.id,
    arn: build.arn,
    buildNumber: build.number,
    startTime: build.options.submittedAt / 1000,
    endTime: inSeconds(build.endedAt),
    currentPhase: build.phase?.type,
    buildStatus: build.status,
    sourceVersion: order.sourceVersion,
    resolvedSourceVersion: order.sourceVersion,
    projectName: project.name,
    phases: build.phases.map(showPhase),
    source: { insecureSsl: false, ...source },
    secondarySources: [],
    secondarySourceVersions: [],
    artifacts: showBuildArtifacts(build),
    cache: { type: 'NO_CACHE' },
    environment: { ...environment, environmentVariables: order.variables.map(showVariable) },
    serviceRole: order.serviceRole,
    logs: showLogs(build, now),
    timeoutInMinutes: order.timeoutMinutes,
    queuedTimeoutInMinutes: order.queuedTimeoutMinutes,
    buildComplete: build.hasEnded,
    initiator: build.options.initiator,
    encryptionKey: encryptionKeyOf(project),
    autoRetryConfig: {
      autoRetryLimit: order.autoRetryLimit,
      autoRetryNumber: autoRetry.number,
      nextAutoRetry: autoRetry.next,
      previousAutoRetry: autoRetry.previous,
    },
  };
}

function showPhase({ type, status, startedAt, endedAt, context }: Phase): unknown {
  return {
    phaseType: type,
    phaseStatus: status,
    startTime: startedAt / 1000,
    endTime: inSeconds(endedAt),
    durationInSeconds:
      endedAt === undefined ? undefined : Math.max(0, Math.round((endedAt - startedAt) / 1000)),
    contexts: context ? [context] : undefined,
  };
}

export function showVariable({ name, value, type }: Variable): Variable {
  return { name, value, type };
}

/** Before there is a container, group and stream are "null" in the link, and absent beside it. */
function showLogs(build: Build, now: number): unknown {
  const { logPlace: place } = build;
  const s3Logs = { status: 'DISABLED', encryptionDisabled: false };
  if (!place) return { cloudWatchLogs: { status: 'DISABLED' }, s3Logs };
  const { region, accountId, group, stream } = place;
  const link = `https://console.aws.amazon.com/cloudwatch/home?region=${region}#logsV2:log-groups/log-group/`;
  const arn = `arn:aws:logs:${region}:${accountId}:log-group:`;
  const cloudWatchLogs = { status: 'ENABLED' };
  if (now < build.logNamedAt)
    return {
      deepLink: `${link}null/log-events/null`,
      cloudWatchLogsArn: `${arn}null:log-stream:null`,
      cloudWatchLogs,
      s3Logs,
    };
  return {
    groupName: group,
    streamName: stream,
    deepLink: `${link}${consolePart(group)}/log-events/${consolePart(stream)}`,
    cloudWatchLogsArn: `${arn}${group}:log-stream:${stream}`,
    cloudWatchLogs,
    s3Logs,
  };
}

/** The console escapes a name twice, and writes `$` for the second `%`. */
function consolePart(name: string): string {
  return encodeURIComponent(encodeURIComponent(name)).replaceAll('%', '$');
}

export function encryptionKeyOf({ region, accountId }: Project): string {
  return `arn:aws:kms:${region}:${accountId}:alias/aws/s3`;
}

function inSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
