import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, inject, vi } from 'vitest';
import type { BehaviourInput } from '../../sandbox/codebuild/behaviour.js';
import { SandboxAdmin } from '../../sandbox/admin-client.js';
import type { FleetInput } from '../../sandbox/fleet/schema.js';
import { type Sandbox, defineFleet, startSandbox } from '../../sandbox/index.js';
import { NightshiftClient } from '../../src/client/index.js';
import { type Config, type ConfigInput, configSchema } from '../../src/domain/config/index.js';
import { installTelemetry } from '../../src/telemetry/index.js';
import { type NightshiftWorker, createWorker } from '../../src/worker.js';
import { sandboxEnv } from '../support/sandbox-env.js';

/** Each test file, a process of its own, has its own account. */
export const account = { id: String(randomInt(100_000_000_000, 999_999_999_999)), name: 'dev-1' };
export const region = 'ap-southeast-2';
export const project = 'web';
/** A build of that project, as most tests ask for it. */
export const request = { account: account.name, region, project };

export interface Scenario {
  fleet?: Partial<FleetInput>;
  config?: Partial<ConfigInput>;
  speed?: number;
}

export interface Stage {
  sandbox: Sandbox;
  admin: SandboxAdmin;
  nightshift: NightshiftClient;
  config: Config;
  /** Straight to the server, past our own client. */
  temporal: Client;
  /** Of the client and the worker. */
  taskQueue: string;
  /** Ends the worker as a SIGTERM does, and starts another. */
  replaceWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
}

installTelemetry({ log: { level: 'error' } });

// A worker that is stopped hands over at once, where the real one lets its activities go on for ten seconds.
const create = Worker.create.bind(Worker);
vi.spyOn(Worker, 'create').mockImplementation((options) =>
  create({ ...options, shutdownGraceTime: 0 }),
);

/** What is to be done at the end, the last first. */
class Endings {
  private readonly ends: (() => Promise<unknown>)[] = [];

  readonly add = (end: () => Promise<unknown>) => void this.ends.push(end);

  async run(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end();
  }
}

const ofTest = new Endings();
const ofFile = new Endings();
afterEach(() => ofTest.run());
afterAll(() => ofFile.run());

/** Has something done when the test ends, the last first. */
export const atEnd = ofTest.add;

/** A folder of its own for a test's files. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-builds-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Clocks of this process, the sandbox’s too, are ahead by so many milliseconds until the test ends. */
export function laterBy(milliseconds: number): void {
  const now = Date.now.bind(Date);
  const later = vi.spyOn(Date, 'now').mockImplementation(() => now() + milliseconds);
  atEnd(() => Promise.resolve(later.mockRestore()));
}

/** Variables that make a build of the sandbox behave so, over what its project says. */
export function behaving(behaviour: BehaviourInput): { env: Record<string, string> } {
  return { env: { SANDBOX_BUILD: JSON.stringify(behaviour) } };
}

/** A sandbox with one project, a worker in this process, and a client, for one test. */
export function setStage(scenario: Scenario = {}): Promise<Stage> {
  return makeStage(scenario, ofTest);
}

/** One for all tests of a file that put up with each other's builds: it is there once they run. */
export function sharedStage(scenario: Scenario = {}): () => Stage {
  let stage: Stage | undefined;
  beforeAll(async () => void (stage = await makeStage(scenario, ofFile)));
  return () => {
    if (!stage) throw new Error('there is no stage before the tests run');
    return stage;
  };
}

async function makeStage(scenario: Scenario, endings: Endings): Promise<Stage> {
  const sandbox = await startSandbox({
    fleet: defineFleet({
      regions: [region],
      accounts: [account],
      projects: [{ account: account.name, region, name: project }],
      ...scenario.fleet,
    }),
    speed: scenario.speed ?? 50,
  });
  endings.add(() => sandbox.close());
  Object.assign(process.env, sandboxEnv(sandbox.url, region));
  const config = configOf(scenario, sandbox.url);
  const address = inject('temporalAddress');
  const server = { address, namespace: 'default', connectionOptions: { address } };
  const taskQueue = `builds-${randomUUID()}`;
  let worker: { worker: NightshiftWorker; running: Promise<void> } | undefined;
  const startWorker = async () => {
    const ownSetup = () => Promise.resolve({ config, policies: [] });
    const made = await createWorker({
      server,
      taskQueue,
      ownSetup,
      workerTimeout: config.pace.workerTimeout,
    });
    worker = { worker: made, running: made.run() };
  };
  const stopWorker = async () => {
    worker?.worker.stop();
    await worker?.running;
    worker = undefined;
  };
  await startWorker();
  endings.add(stopWorker);
  const connection = await Connection.connect({ address });
  endings.add(() => connection.close());
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  endings.add(() => nightshift.close());
  return {
    sandbox,
    admin: new SandboxAdmin(sandbox.url),
    nightshift,
    config,
    temporal: new Client({ connection }),
    taskQueue,
    startWorker,
    stopWorker,
    replaceWorker: async () => {
      await stopWorker();
      await startWorker();
    },
  };
}

function configOf({ config }: Scenario, url: string): Config {
  const fast = { perSecond: 2_000, burst: 2_000 };
  return configSchema.parse({
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    regions: [region],
    ...config,
    ...(config?.buildkite ? { buildkite: { endpoint: `${url}/v3`, ...config.buildkite } } : {}),
    pace: {
      retryDelay: '10ms',
      retries: 12,
      workerTimeout: '3s',
      codebuild: fast,
      logs: fast,
      ssm: fast,
      ...config?.pace,
    },
    builds: { pollInterval: '50ms', logDrain: '400ms', logWait: '1s', ...config?.builds },
  });
}

/** Looks until it is so. The test's own timeout bounds it. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
