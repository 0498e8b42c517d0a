import {
  type CodeBuildClient,
  type EnvironmentVariable,
  StartBuildCommand,
  type StartBuildCommandInput,
} from '@aws-sdk/client-codebuild';
import { awsErrorCode, fromAwsError } from '../../aws/errors.js';
import {
  type BuildOverrides,
  type Variable,
  imagePullCredentials,
} from '../../domain/builds/overrides.js';
import { type BuildStart, markerVariables } from '../../domain/builds/spec.js';
import { parseDuration } from '../../domain/duration.js';
import { NightshiftError } from '../../domain/errors.js';
import { findBuild } from './find-build.js';

/** A token lives for five minutes: within four, the same call leads to the same build. */
const tokenIsGoodFor = 240_000;
/** Milliseconds for the answer to a call that is under way when its build is no longer wanted: there may be one. */
const lastWord = 5_000;

export interface StartBuildOptions {
  client: CodeBuildClient;
  project: string;
  overrides: BuildOverrides;
  start: BuildStart;
  /** The Temporal namespace and cluster that the start is of. */
  origin: string;
  /** Whether this start may have been tried before: then its build is looked for first. */
  isRepeat: boolean;
  /** When it was tried first, in milliseconds since the epoch. */
  triedSince: number;
  signal: AbortSignal;
}

/** Starts a build, or finds the one that was started: its id and ARN. */
export async function startBuild(options: StartBuildOptions): Promise<StartedBuild> {
  const { client, project, overrides, start, origin, isRepeat, triedSince, signal } = options;
  if (isRepeat) {
    const found = await findBuild(client, project, start, triedSince, signal);
    if (found?.id && found.arn) return { buildId: found.id, arn: found.arn, adopted: true };
  }
  signal.throwIfAborted();
  // Longer than its token lives, a call must not be tried again without having looked first.
  const limit = AbortSignal.timeout(tokenIsGoodFor);
  try {
    const { build } = await client.send(
      new StartBuildCommand(requestOf(project, overrides, start, origin)),
      {
        abortSignal: AbortSignal.any([abortAfter(signal, lastWord), limit]),
      },
    );
    return { buildId: build?.id ?? '', arn: build?.arn ?? '', adopted: false };
  } catch (error) {
    if (limit.aborted)
      throw new NightshiftError('AwsUnavailable', 'StartBuild had no answer for four minutes', {
        retryable: true,
        cause: error,
      });
    throw isLimit(error) ? limitReached(error, project) : error;
  }
}

/** Aborted so many milliseconds after another signal. */
function abortAfter(signal: AbortSignal, wait: number): AbortSignal {
  const later = new AbortController();
  signal.addEventListener(
    'abort',
    () => void setTimeout(() => later.abort(signal.reason), wait).unref(),
    { once: true },
  );
  return later.signal;
}

export interface StartedBuild {
  buildId: string;
  arn: string;
  /** Whether the build was there already, its answer having been lost. */
  adopted: boolean;
}

function requestOf(
  projectName: string,
  overrides: BuildOverrides,
  { workflowId, token }: BuildStart,
  origin: string,
): StartBuildCommandInput {
  const { timeout, queuedTimeout } = overrides;
  const env = {
    ...overrides.env,
    [markerVariables.workflow]: workflowId,
    [markerVariables.token]: token,
    [markerVariables.origin]: origin,
  };
  return {
    projectName,
    idempotencyToken: token,
    environmentVariablesOverride: Object.entries(env).map(variable),
    sourceVersion: overrides.sourceVersion,
    imageOverride: overrides.image,
    imagePullCredentialsTypeOverride:
      overrides.image === undefined ? undefined : imagePullCredentials(overrides.image),
    computeTypeOverride: overrides.computeType as StartBuildCommandInput['computeTypeOverride'],
    privilegedModeOverride: overrides.privileged,
    environmentTypeOverride: overrides.environmentType,
    buildspecOverride: overrides.buildspec,
    timeoutInMinutesOverride: minutes(timeout),
    queuedTimeoutInMinutesOverride: minutes(queuedTimeout),
  };
}

function variable([name, value]: [string, Variable]): EnvironmentVariable {
  if (typeof value === 'string') return { name, value, type: 'PLAINTEXT' };
  return 'ssm' in value
    ? { name, value: value.ssm, type: 'PARAMETER_STORE' }
    : { name, value: value.secret, type: 'SECRETS_MANAGER' };
}

function minutes(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : parseDuration(duration) / 60_000;
}

function isLimit(error: unknown): boolean {
  return awsErrorCode(error) === 'AccountLimitExceededException';
}

/** The queue is full, or the project has a limit of its own: there will be room again. */
function limitReached(error: unknown, project: string): NightshiftError {
  const { message } = fromAwsError(error, `there is no room for another build of ${project}`);
  return new NightshiftError('BuildLimit', message, {
    hint: 'CodeBuild’s limits of builds at the same time: those of the account in Service Quotas, those of the project in its settings',
    retryable: true,
    cause: error,
  });
}
