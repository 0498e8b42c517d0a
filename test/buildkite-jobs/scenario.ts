import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import type { FleetInput } from '../../sandbox/fleet/schema.js';
import type { JobResult } from '../../src/client/index.js';
import type { ConfigInput } from '../../src/domain/config/index.js';
import {
  type Scenario,
  type Stage,
  account,
  atEnd,
  region,
  setStage,
  sharedStage,
  until,
} from '../builds/scenario.js';

/** Its builds really run: `BUILDKITE_COMMAND`, by a shell. */
export const project = 'buildkite-jobs';
/** Its builds only take their time, as `SANDBOX_BUILD` in a job's environment says. */
export const madeUp = 'made-up';
export const agentToken = 'agent-token-of-the-cluster';
export const tokenName = '/dev/1/buildkite-agent-key';

export type JobInput = Omit<
  NonNullable<NonNullable<FleetInput['buildkite']>['jobs']>[number],
  'queue'
>;
type BuildkiteConfig = NonNullable<ConfigInput['buildkite']>;
type QueueInput = BuildkiteConfig['queues'][number];

export interface JobsScenario {
  queue?: string;
  jobs?: JobInput[];
  intake?: BuildkiteConfig['intake'];
  queueConfig?: Partial<QueueInput>;
  buildkite?: Partial<BuildkiteConfig>;
  fleet?: Partial<FleetInput>;
  fleetBuildkite?: Partial<NonNullable<FleetInput['buildkite']>>;
  config?: Scenario['config'];
  /** Sandbox seconds a second; 20 unless given. */
  speed?: number;
}

export interface JobsStage extends Stage {
  queue: string;
  /** Runs a job by hand, to its end. */
  run: (uuid: string) => Promise<JobResult>;
  /** The end of a job that somebody has found. */
  ended: (uuid: string) => Promise<JobResult>;
}

/** For tests that count calls: a machine that pauses doesn't make a second attempt of an activity. */
export const patient: Scenario['config'] = { pace: { workerTimeout: '30s' } };

/** A queue has one owner on a server: each test has its own. */
export function newQueue(): string {
  return `q-${randomUUID().slice(0, 8)}`;
}

/** How a build of {@link madeUp} goes. */
export function behaving(behaviour: object): Record<string, string> {
  return { SANDBOX_BUILD: JSON.stringify(behaviour) };
}

/** A sandbox with Buildkite, a project whose builds really run, a worker, and a client. */
export async function setBuildkiteStage(scenario: JobsScenario = {}): Promise<JobsStage> {
  const queue = scenario.queue ?? newQueue();
  return stageOf(await setStage(buildkiteScenario({ ...scenario, queue })), queue);
}

/** One for all tests of a file. */
export function sharedBuildkiteStage(scenario: JobsScenario = {}): () => JobsStage {
  const queue = scenario.queue ?? newQueue();
  const stage = sharedStage(buildkiteScenario({ ...scenario, queue }));
  return () => stageOf(stage(), queue);
}

function buildkiteScenario(scenario: JobsScenario & { queue: string }): Scenario {
  const { queue, jobs = [], intake = 'agent' } = scenario;
  const at = { account: account.name, region };
  const speed = scenario.speed ?? 20;
  return {
    speed,
    fleet: {
      projects: [
        {
          ...at,
          name: project,
          execute: true,
          buildspec: JSON.stringify({
            version: 0.2,
            phases: { build: { commands: ['sh -c "$BUILDKITE_COMMAND"'] } },
          }),
        },
        { ...at, name: madeUp },
      ],
      parameters: [{ name: tokenName, value: agentToken, type: 'SecureString' }],
      buildkite: {
        token: agentToken,
        // Intervals are told to agents as they are: real seconds, while Buildkite counts sandbox ones.
        heartbeatInterval: 1,
        // As much real time as Buildkite gives an agent: the machine that tests it may be slow.
        acceptWithinSeconds: Math.max(1, speed) * 60,
        lostAfterSeconds: Math.max(1, speed) * 180,
        giveAwayAfterSeconds: Math.max(1, speed) * 240,
        jobs: jobs.map((job) => ({ ...job, queue })),
        ...scenario.fleetBuildkite,
      },
      ...scenario.fleet,
    },
    config: {
      ...scenario.config,
      buildkite: {
        token: { ssm: tokenName },
        intake,
        queues: [{ queue, ...at, project, concurrency: 4, ...scenario.queueConfig }],
        ...scenario.buildkite,
      },
    },
  };
}

function stageOf(stage: Stage, queue: string): JobsStage {
  const { buildkite } = stage.nightshift;
  const ended = async (uuid: string) => {
    const job = buildkite.job(uuid);
    await until(() => job.standing().catch(() => undefined));
    return await job.result();
  };
  return {
    ...stage,
    queue,
    ended,
    run: async (uuid) => {
      const job = await buildkite.runJob(uuid, { setup: { config: stage.config } });
      return await job.result();
    },
  };
}

/** Temporal itself, for what no client of ours has words for. */
export async function temporal(): Promise<Client> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  atEnd(() => connection.close());
  return new Client({ connection });
}
