import type { Client } from '@temporalio/client';
import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { createBuildkiteActivities } from '../../src/activities/buildkite/index.js';
import { BuildkiteSecrets } from '../../src/activities/buildkite/secrets.js';
import { AwsConnections } from '../../src/aws/connections.js';
import type { QueueSpec } from '../../src/domain/buildkite/spec.js';
import { atEnd, until } from '../builds/scenario.js';
import { type JobsStage, setBuildkiteStage } from './scenario.js';

/** Asks for work in a queue that no worker serves; `environment` is the attempt's. */
async function dispatching({ config, admin, queue }: JobsStage) {
  const aws = new AwsConnections();
  atEnd(() => Promise.resolve(aws.destroy()));
  const stop = new AbortController();
  const activities = createBuildkiteActivities({
    aws,
    // What it saves is of no account here.
    client: { activity: { heartbeat: () => Promise.resolve() } } as unknown as Client,
    ownConfig: () => Promise.resolve(config),
    secrets: new BuildkiteSecrets(aws),
    stopping: stop.signal,
  });
  const environment = new MockActivityEnvironment({ heartbeatTimeoutMs: 30_000 });
  const prepare = new MockActivityEnvironment().run(activities.prepareQueue, { queue });
  const request = { queue: (await prepare) as QueueSpec };
  const ended = environment.run(activities.awaitDispatch, request).then(
    () => 'a job',
    (error: unknown) => (error instanceof Error ? error.name : 'nothing'),
  );
  const agent = async () => (await admin.buildkiteAgents())[0];
  await until(async () => ((await agent())?.pings ?? 0) > 0 || undefined);
  return { environment, ended, agent, stop: () => stop.abort() };
}

test('who is called off says farewell for the agent', async () => {
  const { environment, ended, agent } = await dispatching(await setBuildkiteStage());
  environment.cancel('CANCELLED');
  expect(await ended).toBe('CancelledFailure');
  expect((await agent())?.state).toBe('disconnected');
});

test('who ends with its worker says farewell for the agent', async () => {
  const { stop, ended, agent } = await dispatching(await setBuildkiteStage());
  stop();
  expect(await ended).toBe('ApplicationFailure');
  expect((await agent())?.state).toBe('disconnected');
});

test('who was silent for too long leaves the agent to the worker that goes on as it', async () => {
  const { environment, ended, agent } = await dispatching(await setBuildkiteStage());
  environment.cancel('NOT_FOUND', new ActivityCancellationDetails({ notFound: true }));
  expect(await ended).toBe('CancelledFailure');
  expect((await agent())?.state).toBe('connected');
});
