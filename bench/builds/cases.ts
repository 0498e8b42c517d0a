import type { FleetInput } from '../../sandbox/fleet/schema.js';
import type { ConfigInput } from '../../src/domain/config/index.js';
import type { NamedAim } from '../measurement.js';

/** One row of the table of builds in bench/README.md. */
export interface BuildsCase {
  name: string;
  title: string;
  /** Sandbox seconds per second. */
  speed: number;
  /** How many builds run at the same time. */
  builds: number;
  /** Where their logs go: files, or the Buildkite jobs that they are for. */
  sink: 'file' | 'buildkite';
  measures: 'delay' | 'throughput';
  /** How each build goes, in sandbox time. */
  behaviour: NonNullable<FleetInput['projects']>[number]['behaviour'];
  aims: NamedAim[];
}

/** A line each second for ten minutes. */
const talkative = { phases: { BUILD: 600 }, log: { everySeconds: 1, lineBytes: 80 } };

/** All of it is there within a second of the build's beginning, and the build goes on for longer than it is read. */
const loud = {
  phases: { BUILD: 30 },
  log: { bytes: 256 * 2 ** 20, lineBytes: 100, everySeconds: 1e-7 },
};

const ofDelay: NamedAim[] = [
  { name: 'BatchGetBuilds per poll interval', limit: 11, at: 'most' },
  { name: 'p95 delay in poll intervals', limit: 2, at: 'most' },
  { name: 'logs that differ from their build’s', limit: 0, at: 'most' },
  { name: 'peak worker RSS in MB', limit: 500, at: 'most' },
];

const ofThroughput: NamedAim[] = [
  { name: 'MB of log per second', limit: 20, at: 'least' },
  { name: 'logs that differ from their build’s', limit: 0, at: 'most' },
];

export const buildsCases: BuildsCase[] = [
  {
    name: 'fleet',
    title: '1,000 builds at once in one target, a line a second each for ten minutes, to files',
    speed: 3,
    builds: 1000,
    sink: 'file',
    measures: 'delay',
    behaviour: talkative,
    aims: ofDelay,
  },
  {
    name: 'jobs',
    title: '200 Buildkite jobs at once, a line a second each for ten minutes, to chunks',
    speed: 3,
    builds: 200,
    sink: 'buildkite',
    measures: 'delay',
    behaviour: talkative,
    aims: ofDelay,
  },
  {
    name: 'throughput',
    title: 'one Buildkite job with 256 MB of log, to chunks of 100 KB',
    speed: 1,
    builds: 1,
    sink: 'buildkite',
    measures: 'throughput',
    behaviour: loud,
    aims: ofThroughput,
  },
  {
    name: 'throughput-file',
    title: 'one build with 256 MB of log, to a file',
    speed: 1,
    builds: 1,
    sink: 'file',
    measures: 'throughput',
    behaviour: loud,
    aims: ofThroughput,
  },
];

const account = { id: '100000000001', name: 'bench-1' };
const region = 'ap-southeast-2';
const agentToken = { name: '/bench/buildkite-agent-key', value: 'bench-agent-token' };

/** The project that all builds of a case are of, and the queue of its jobs. */
export const benchProject = { account: account.name, region, project: 'bench' };
export const benchQueue = 'bench';

/** In sandbox time, as all that follows. */
export const pollIntervalSeconds = 5;

export function fleetOf({ builds, sink, behaviour }: BuildsCase): FleetInput {
  return {
    regions: [region],
    accounts: [account],
    parameters: [{ ...agentToken, type: 'SecureString' }],
    projects: [{ account: account.name, region, name: benchProject.project, behaviour }],
    codebuild: { concurrentBuilds: builds },
    buildkite: {
      token: agentToken.value,
      // What agents do by the clock, they do by the real one: at the speed of a case, too, none may be lost.
      heartbeatInterval: 15,
      jobs: Array.from({ length: sink === 'buildkite' ? builds : 0 }, () => ({
        queue: benchQueue,
      })),
    },
  };
}

/** The config that a case runs with: all times are the sandbox's, shortened by its speed. */
export function configOf({ builds, speed, measures }: BuildsCase, url: string): ConfigInput {
  const milliseconds = (seconds: number) => `${Math.round((seconds * 1000) / speed)}ms`;
  // A read of each log in each interval, and as many again for empty pages, starts and ends.
  const reads = measures === 'throughput' ? 100 : Math.ceil((2 * builds) / pollIntervalSeconds);
  const quick = { perSecond: 100 * speed, burst: 200 };
  return {
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    regions: [region],
    pace: {
      retryDelay: milliseconds(0.5),
      codebuild: quick,
      ssm: quick,
      logs: { perSecond: reads * speed, burst: Math.max(100, builds) },
    },
    builds: {
      pollInterval: milliseconds(pollIntervalSeconds),
      logDrain: milliseconds(10),
      logWait: milliseconds(60),
    },
    buildkite: {
      endpoint: `${url}/v3`,
      token: { ssm: agentToken.name },
      intake: 'stacks',
      queues: [{ queue: benchQueue, ...benchProject, concurrency: builds }],
    },
  };
}
