import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { FleetInput } from '../../../../sandbox/fleet/schema.js';
import { createBuilderActivities } from '../../../../src/activities/images/builders/index.js';
import { AwsConnections } from '../../../../src/aws/connections.js';
import type { BuildPlace } from '../../../../src/domain/builds/spec.js';
import type { GitlabBuilder } from '../../../../src/domain/images/spec.js';
import { type Scenario, type Stage, account, atEnd, setStage } from '../ec2/support.js';

export { abroad, account, atEnd, home, living } from '../ec2/support.js';

export const token = 'glpat-secret-of-the-tests';
export const tokenName = { ssm: '/nightshift/gitlab' };
export const gitlabProject = 'platform/images';

type Gitlab = NonNullable<FleetInput['gitlab']>;
type Project = NonNullable<Gitlab['projects']>[number];

/** The activities of one worker, and how they are run. */
export interface BuilderWorker {
  activities: ReturnType<typeof createBuilderActivities>;
  run: <A, T>(activity: (input: A) => Promise<T>, input: A, options?: RunOptions) => Promise<T>;
  stop: () => void;
}

export interface RunOptions {
  /** Aborted when the workflow cancels the activity. */
  cancel?: AbortSignal;
  /** Aborted when Temporal gives the attempt up: its worker said nothing for too long. */
  giveUp?: AbortSignal;
  scheduledTimestampMs?: number;
}

/** A sandbox with the fast pace of tests. */
export async function buildersStage(scenario: Scenario = {}): Promise<Stage> {
  const fast = { perSecond: 2_000, burst: 2_000 };
  const pace = { imagebuilder: fast, codebuild: fast, logs: fast, pollInterval: '10ms' };
  return await setStage({ ...scenario, pace: { ...pace, ...scenario.pace } });
}

/** A sandbox with a project of GitLab's. */
export function gitlabStage(
  project: Partial<Project> = {},
  { fleet, ...scenario }: Scenario = {},
  gitlab: Partial<Gitlab> = {},
): Promise<Stage> {
  return buildersStage({
    ...scenario,
    fleet: {
      parameters: [{ account, name: tokenName.ssm, value: token, type: 'SecureString' }],
      gitlab: { token, projects: [{ id: 7, path: gitlabProject, ...project }], ...gitlab },
      ...fleet,
    },
  });
}

export function builderWorker(): BuilderWorker {
  const aws = new AwsConnections();
  atEnd(() => aws.destroy());
  const stopping = new AbortController();
  return {
    activities: createBuilderActivities({ aws, stopping: stopping.signal }),
    run: (activity, input, options) => runActivity(activity, input, options),
    stop: () => stopping.abort(),
  };
}

/** Runs an activity as a worker does. */
export function runActivity<A, T>(
  activity: (input: A) => Promise<T>,
  input: A,
  { cancel, giveUp, scheduledTimestampMs = Date.now() }: RunOptions = {},
): Promise<T> {
  const environment = new MockActivityEnvironment({
    scheduledTimestampMs,
    heartbeatTimeoutMs: 3_000,
  });
  cancel?.addEventListener('abort', () => environment.cancel('CANCELLED'));
  const notFound = new ActivityCancellationDetails({ notFound: true });
  giveUp?.addEventListener('abort', () => environment.cancel('NOT_FOUND', notFound));
  return environment.run(activity, input);
}

export function gitlabBuilder(stage: Stage, more: Partial<GitlabBuilder> = {}): GitlabBuilder {
  return {
    kind: 'gitlab',
    url: stage.sandbox.url,
    project: gitlabProject,
    token: tokenName,
    ref: 'main',
    variables: {},
    manifest: 'manifest.json',
    manual: 'fail',
    timeout: '1h',
    ...more,
  };
}

/** The place with its log read on for so long. */
export function withLogs(place: BuildPlace, builds: Partial<BuildPlace['builds']>): BuildPlace {
  return { ...place, builds: { ...place.builds, ...builds } };
}

/** Looks until it is so. The test's own timeout bounds it. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What an activity failed with, as its workflow sees it. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}
