import { Context } from '@temporalio/activity';
import type { AwsConnections } from '../../../aws/connections.js';
import type { BuildPlace } from '../../../domain/builds/spec.js';
import { type Pace, ordinaryPace } from '../../../domain/config/pace.js';
import { parseDuration } from '../../../domain/duration.js';
import type { ImagesByRegion } from '../../../domain/images/manifest.js';
import type { BuilderOutcome } from '../../../domain/images/outcome.js';
import type { GitlabBuilder, ImageBuilderBuilder } from '../../../domain/images/spec.js';
import { calledOff } from '../../cancellation.js';
import { perform } from '../../failure.js';
import { type ManifestRequest, readManifest } from './codebuild/read-manifest.js';
import { GitLabAccess } from './gitlab/access.js';
import { followPipeline } from './gitlab/follow-pipeline.js';
import {
  type PipelineOrder,
  type StartedPipeline,
  startPipeline,
} from './gitlab/start-pipeline.js';
import { stopPipeline } from './gitlab/stop-pipeline.js';
import type { ExecutionOrder } from './image-builder/start-execution.js';

export interface BuilderDependencies {
  aws: AwsConnections;
  /** Aborted when the worker is told to stop: what it follows is another worker's then. */
  stopping: AbortSignal;
}

/** A pipeline that was started; `pace` is the default one unless given. */
export interface OnePipeline {
  builder: GitlabBuilder;
  id: number;
  pace?: Pace;
}

export interface OneExecution {
  place: BuildPlace;
  arn: string;
}

/** The side effects of what builds images. Each can be repeated safely. */
export function createBuilderActivities({ aws, stopping }: BuilderDependencies) {
  const gitlab = new GitLabAccess(aws);
  const operations = () => import('./image-builder/operations.js');

  return {
    /** The images that a CodeBuild build has made. */
    readManifest: (request: ManifestRequest): Promise<ImagesByRegion> =>
      perform(
        `the manifest of build ${request.buildId} can’t be read`,
        (signal) => {
          const { target, access, pace } = request.place;
          const codebuild = aws.codeBuild(target, access, pace);
          const logs = aws.logs(target, access, pace);
          const s3 = aws.s3(target, access, pace);
          return readManifest({ ...request, codebuild, logs, s3, signal });
        },
        { stopping },
      ),

    /** Starts a pipeline once, or finds the one that was started. */
    startPipeline: (order: PipelineOrder & { pace?: Pace }): Promise<StartedPipeline> => {
      const { builder, pace = ordinaryPace } = order;
      const doing = `a pipeline of ${builder.project} can’t be started`;
      const cancelled = calledOff();
      const start = (signal: AbortSignal) =>
        gitlab.use(builder, pace, doing, (client) =>
          startPipeline(client, order, { signal, cancelled }),
        );
      return perform(doing, start, { stopping });
    },

    /** Follows a pipeline to its end: the images that it has made, or why it has failed. */
    followPipeline: ({
      builder,
      id,
      pace = ordinaryPace,
    }: OnePipeline): Promise<BuilderOutcome> => {
      const doing = `pipeline ${id} of ${builder.project} can’t be followed`;
      const interval = parseDuration(pace.pollInterval);
      const until = deadline(builder.timeout);
      const follow = (signal: AbortSignal) =>
        gitlab.use(builder, pace, doing, (client) =>
          followPipeline(client, { builder, id, interval, until, signal }),
        );
      return perform(doing, follow, { stopping });
    },

    /** Cancels a pipeline with its children. One that is over, or gone, is no error. */
    stopPipeline: ({ builder, id, pace = ordinaryPace }: OnePipeline): Promise<void> => {
      const doing = `pipeline ${id} of ${builder.project} can’t be cancelled`;
      return perform(
        doing,
        (signal) =>
          gitlab.use(builder, pace, doing, (client) => stopPipeline(client, builder, id, signal)),
        { stopping },
      );
    },

    /** Starts an image pipeline once; its parameter holds the variables by then. */
    startExecution: (order: ExecutionOrder): Promise<{ arn: string }> => {
      const { target, access, pace } = order.place;
      const cancelled = calledOff();
      return perform(
        `image pipeline ${order.builder.pipeline} can’t be started`,
        async (signal) => {
          const { startExecution } = await operations();
          const client = await aws.imageBuilder(target, access, pace);
          const ssm = aws.ssm(target, access, pace);
          return await startExecution({ ...order, client, ssm, signal, cancelled });
        },
        { stopping },
      );
    },

    /** Follows an execution to its end: the images that it has made, or why it has failed. */
    followExecution: ({
      builder,
      key,
      ...one
    }: OneExecution & { builder: ImageBuilderBuilder; key: string }): Promise<BuilderOutcome> => {
      const { timeout } = builder;
      const until = deadline(timeout);
      return perform(
        `${one.arn} can’t be followed`,
        async (signal) => {
          const { followExecution } = await operations();
          const execution = await executionOf(one, signal);
          return await followExecution({ ...execution, key, timeout, until });
        },
        { stopping },
      );
    },

    /** Cancels an execution and removes what it leaves. One that has ended is no error. */
    stopExecution: (one: OneExecution): Promise<void> =>
      perform(
        `${one.arn} can’t be cancelled`,
        async (signal) => {
          const { stopExecution } = await operations();
          await stopExecution(await executionOf(one, signal));
        },
        { stopping },
      ),
  };

  async function executionOf({ place, arn }: OneExecution, signal: AbortSignal) {
    const { target, access, pace, builds } = place;
    const interval = parseDuration(builds.pollInterval);
    return {
      client: await aws.imageBuilder(target, access, pace),
      ec2: async (region: string) => {
        const ec2 = await aws.ec2({ ...target, region }, access, pace);
        return { ec2, region, every: interval, signal };
      },
      target,
      arn,
      interval,
      signal,
    };
  }
}

/** When a time is over that began when the activity was first asked for, whoever has worked on it since. */
function deadline(timeout: string): number {
  return Context.current().info.scheduledTimestampMs + parseDuration(timeout);
}

export type BuilderActivities = ReturnType<typeof createBuilderActivities>;
