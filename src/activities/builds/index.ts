import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { AwsConnections } from '../../aws/connections.js';
import { type FollowOutcome, type FollowState } from '../../domain/builds/follow.js';
import { type Variable, variableSchema } from '../../domain/builds/overrides.js';
import type { LogRequest } from '../../domain/builds/log-page.js';
import type { LogSinkSpec } from '../../domain/builds/sinks.js';
import { logRequestSchema, oneBuildSchema } from '../../domain/builds/spec-schema.js';
import type { BuildPlace, BuildSpec, BuildStart } from '../../domain/builds/spec.js';
import { type Config, type Pace, parseInput } from '../../domain/config/index.js';
import { parseDuration } from '../../domain/duration.js';
import { Agents } from '../buildkite/agents.js';
import { BuildkiteJobSink } from '../buildkite/job-sink.js';
import type { BuildkiteSecrets } from '../buildkite/secrets.js';
import { perform } from '../failure.js';
import { SavedProgress } from '../saved-progress.js';
import { BuildWatch } from './build-watch.js';
import { describeBuild } from './describe-build.js';
import { findNewBuild } from './find-build.js';
import { BuildFollower } from './follow-build.js';
import { originOf } from './origin.js';
import { prepareBuild } from './prepare-build.js';
import { readLog } from './read-log.js';
import { FileSink } from './sinks/file-sink.js';
import { LogWriter } from './sinks/log-writer.js';
import type { LogSink } from './sinks/sink.js';
import { type StartedBuild, startBuild } from './start-build.js';
import { stopBuild } from './stop-build.js';
import { prepareSweep } from './sweep/prepare-sweep.js';
import { type SweepRequest, sweepProject } from './sweep/sweep-project.js';

export interface BuildsDependencies {
  aws: AwsConnections;
  /** For progress that the server must have before the work goes on. */
  client: Client;
  /** The worker's own config, for a build that brings none. */
  ownConfig: () => Promise<Config>;
  /** For what no history may show. */
  secrets: BuildkiteSecrets;
  /** Aborted when the worker is told to stop: what it follows is another worker's then. */
  stopping: AbortSignal;
}

const envSchema = z.record(z.string(), variableSchema);

/** Input of `followBuild`. */
export interface FollowRequest {
  place: BuildPlace;
  buildId: string;
  sinks: LogSinkSpec[];
  /** Where an earlier follower of this log left off. */
  from: FollowState;
  /** Bytes of the log that earlier builds of the same workflow wrote. */
  bytesBefore?: number;
}

export interface OneBuild {
  place: BuildPlace;
  buildId: string;
}

export interface StartRequest {
  spec: BuildSpec;
  start: BuildStart;
}

/** The side effects of builds. Each can be repeated safely. */
export function createBuildsActivities(dependencies: BuildsDependencies) {
  const { aws, client, ownConfig, secrets, stopping } = dependencies;
  const agents = new Agents(secrets);
  const watch = new BuildWatch();
  const origin = originOf(client);

  return {
    prepareBuild: (input: unknown) =>
      perform('the build can’t be prepared', (signal) =>
        prepareBuild({ aws, input, ownConfig, signal }),
      ),

    describeBuild: (input: unknown) =>
      perform('the build can’t be looked at', (signal) =>
        describeBuild({ aws, input, ownConfig, signal }),
      ),

    startBuild: ({ spec, start }: StartRequest): Promise<StartedBuild> =>
      perform(`a build of ${spec.project} can’t be started`, async (signal) => {
        const { attempt, scheduledTimestampMs } = Context.current().info;
        const sealed = await openEnv(spec);
        return await startBuild({
          client: codeBuild(spec),
          project: spec.project,
          overrides: { ...spec.overrides, env: { ...spec.overrides.env, ...sealed } },
          start,
          origin: await origin(),
          isRepeat: attempt > 1,
          triedSince: scheduledTimestampMs,
          signal,
        });
      }),

    /** The id of the build that a start has led to, if it has. */
    findBuild: ({ spec, start, since }: StartRequest & { since: number }) =>
      perform(`builds of ${spec.project} can’t be looked through`, async (signal) => {
        const every = parseDuration(spec.builds.pollInterval);
        const client = codeBuild(spec);
        const build = await findNewBuild(every, client, spec.project, start, since, signal);
        return build?.id && build.arn ? { buildId: build.id, arn: build.arn } : undefined;
      }),

    followBuild: (request: FollowRequest): Promise<FollowOutcome> => followBuild(request),

    stopBuild: (one: OneBuild) =>
      perform(`build ${one?.buildId ?? ''} can’t be stopped`, (signal) => {
        const { place, buildId } = parseInput(oneBuildSchema, one, 'stopBuild');
        return stopBuild(codeBuild(place), buildId, signal);
      }),

    prepareSweep: (input: unknown) =>
      perform('the sweep can’t be prepared', (signal) =>
        prepareSweep({ aws, input, ownConfig, signal }),
      ),

    /** Stops builds of ours in one project whose workflow is gone. */
    sweepProject: (request: SweepRequest) =>
      perform(`builds of ${request.project} can’t be swept`, async (signal) =>
        sweepProject({
          ...request,
          codebuild: codeBuild(request.place),
          client,
          origin: await origin(),
          signal,
        }),
      ),

    readLog: (input: LogRequest) =>
      perform(
        `the log of ${input?.buildId ?? 'a build'} can’t be read`,
        (signal) => {
          const request = parseInput(logRequestSchema, input, 'buildLog');
          const { place } = request;
          return readLog({
            ...request,
            codebuild: codeBuild(place),
            logs: logs(place),
            signal,
          });
        },
        { stopping },
      ),
  };

  async function followBuild({
    place,
    buildId,
    sinks,
    from,
    bytesBefore,
  }: FollowRequest): Promise<FollowOutcome> {
    const progress = new SavedProgress<FollowState>(client, from);
    const opened = sinks.map((sink) => openSink(sink, { buildId, bytesBefore }, place.pace));
    const writer = opened.length === 0 ? undefined : new LogWriter(opened, progress);
    const follow = (signal: AbortSignal) =>
      new BuildFollower({
        place,
        buildId,
        codebuild: codeBuild(place),
        logs: logs(place),
        watch,
        progress,
        writer,
        signal,
      }).run();
    try {
      return await perform(`build ${buildId} can’t be followed`, follow, {
        silent: true,
        stopping,
        progress: () => progress.value,
      });
    } finally {
      progress.close();
      await writer?.close();
    }
  }

  function openSink(
    sink: LogSinkSpec,
    { buildId, bytesBefore }: Pick<FollowRequest, 'buildId' | 'bytesBefore'>,
    pace: Pace,
  ): LogSink {
    if ('buildkite' in sink) return new BuildkiteJobSink(agents, sink.buildkite, pace);
    const path = sink.file.replaceAll('{buildId}', buildId.replaceAll(':', '-'));
    // A file for each build has no other's log in it.
    return new FileSink(path, path === sink.file ? 0 : bytesBefore);
  }

  async function openEnv({ sealedEnv, pace }: BuildSpec): Promise<Record<string, Variable>> {
    if (!sealedEnv) return {};
    const { sealed, context } = sealedEnv;
    return envSchema.parse(JSON.parse(await secrets.open(sealed, context, pace)));
  }

  function codeBuild({ target, access, pace }: BuildPlace) {
    return aws.codeBuild(target, access, pace);
  }

  function logs({ target, access, pace }: BuildPlace) {
    return aws.logs(target, access, pace);
  }
}

export type BuildsActivities = ReturnType<typeof createBuildsActivities>;
