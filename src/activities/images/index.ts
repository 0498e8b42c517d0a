import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { AwsConnections } from '../../aws/connections.js';
import type { Config, Notifications, Pace } from '../../domain/config/index.js';
import type { CheckResult } from '../../domain/images/result.js';
import { renderCheckMessage } from '../../report/index.js';
import type { BuildkiteSecrets } from '../buildkite/secrets.js';
import { perform } from '../failure.js';
import { postToSlack } from '../slack.js';
import { createBuilderActivities } from './builders/index.js';
import { checkLine, namedLine } from './check-line.js';
import { createEc2Activities } from './ec2/index.js';
import { prepareLine } from './prepare-line.js';
import { type SourceRequest, readSource } from './read-source.js';
import { createTrackerActivities } from './tracker/index.js';

export interface ImagesDependencies {
  aws: AwsConnections;
  /** For asking lines. */
  client: Client;
  /** The worker's own config, for a line that brings none. */
  ownConfig: () => Promise<Config>;
  secrets: BuildkiteSecrets;
  /** Aborted when the worker is told to stop: what it follows is another worker's then. */
  stopping: AbortSignal;
}

/** The side effects of images. Each can be repeated safely. */
export function createImagesActivities(dependencies: ImagesDependencies) {
  const { aws, client, ownConfig, stopping } = dependencies;
  return {
    ...createEc2Activities(dependencies),
    ...createBuilderActivities(dependencies),
    ...createTrackerActivities(dependencies),

    prepareLine: (input: unknown) =>
      perform('the line can’t be prepared', (signal) =>
        prepareLine({ aws, input, ownConfig, signal }),
      ),

    readSource: (request: SourceRequest) =>
      perform('the mirror can’t be read', (signal) => readSource(aws, request, signal), {
        stopping,
      }),

    checkLine: (input: unknown): Promise<CheckResult> =>
      perform(
        'the line can’t be checked',
        async (signal) =>
          checkLine({
            client,
            request: await namedLine(input, ownConfig),
            taskQueue: Context.current().info.taskQueue,
            signal,
          }),
        {
          stopping,
        },
      ),

    notifyImages: ({
      slack,
      pace,
      result,
    }: {
      slack: NonNullable<Notifications['slack']>;
      pace: Pace;
      result: CheckResult;
    }) =>
      perform('telling Slack', (signal) =>
        postToSlack(
          aws,
          { webhook: slack.webhook, pace, message: renderCheckMessage(result) },
          signal,
        ),
      ),
  };
}

export type ImagesActivities = ReturnType<typeof createImagesActivities>;
