import { randomInt, randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterEach, inject, vi } from 'vitest';
import { SandboxAdmin } from '../../sandbox/admin-client.js';
import type { FleetInput } from '../../sandbox/fleet/schema.js';
import { type Sandbox, defineFleet, startSandbox } from '../../sandbox/index.js';
import { type CheckResult, type LineHandle, NightshiftClient } from '../../src/client/index.js';
import { type Config, type ConfigInput, configSchema } from '../../src/domain/config/index.js';
import { installTelemetry } from '../../src/telemetry/index.js';
import { type NightshiftWorker, createWorker } from '../../src/worker.js';
import { sandboxEnv } from '../support/sandbox-env.js';

/** Each test file, a process of its own, has its own account. */
export const account = { id: String(randomInt(100_000_000_000, 999_999_999_999)), name: 'dev-1' };
export const region = 'ap-southeast-2';
export const far = 'us-east-1';
export const baseImage = 'ami-0123456789abcdef0';

export type LineInput = NonNullable<ConfigInput['images']>[number];
type ProjectInput = NonNullable<FleetInput['projects']>[number];

export interface Scenario {
  fleet?: Partial<FleetInput>;
  config?: Partial<ConfigInput>;
  /** Over those of the line that all tests share. */
  line?: Partial<LineInput> | ((url: string) => Partial<LineInput>);
  /** Versions of gitlab-runner on the mirror, of its companion where there is one. */
  versions?: string[];
  /** How builds go. */
  behaviour?: ProjectInput['behaviour'];
  image?: ProjectInput['image'];
  speed?: number;
  /** After how long a worker that says nothing counts as dead; longer than a machine pauses unless given. */
  workerTimeout?: string;
}

export interface Stage {
  sandbox: Sandbox;
  admin: SandboxAdmin;
  nightshift: NightshiftClient;
  temporal: Client;
  config: Config;
  line: LineHandle;
  /** Of the client and the worker. */
  taskQueue: string;
  /** Checks, and waits for what comes of it. */
  check(options?: Parameters<LineHandle['check']>[0]): Promise<CheckResult>;
  /** The mirror gains versions. */
  publish(...versions: string[]): Promise<void>;
  /** Ends the worker as a SIGTERM does. */
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
}

installTelemetry({ log: { level: 'error' } });

// A worker that is stopped hands over at once, where the real one lets its activities go on for ten seconds.
const create = Worker.create.bind(Worker);
vi.spyOn(Worker, 'create').mockImplementation((options) =>
  create({ ...options, shutdownGraceTime: 0 }),
);

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
/** Has something done when the test ends, the last first. */
export const atEnd = (end: () => Promise<unknown>) => void endings.push(end);

/** The project that builds images, quick, and the mirror. */
export function fleetOf(scenario: Scenario): FleetInput {
  const { versions = ['16.11.0-1', '16.10.0-1'], behaviour = {}, image = {} } = scenario;
  return {
    regions: [region, far, 'eu-west-1'],
    accounts: [account],
    projects: [
      {
        account: account.name,
        region,
        name: 'image-build',
        behaviour: { phases: { BUILD: 30 }, log: { lines: 5 }, ...behaviour },
        image,
      },
    ],
    images: [{ account: account.name, region, id: baseImage, name: 'al2023', owner: 'amazon' }],
    mirrors: [
      {
        name: 'el9',
        kind: 'rpm',
        packages: [{ name: 'gitlab-runner', versions, arch: ['x86_64', 'aarch64'] }],
      },
    ],
    ...scenario.fleet,
  };
}

export function configOf(scenario: Scenario, url: string): Config {
  return configSchema.parse({
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    pace: {
      workerTimeout: scenario.workerTimeout ?? '5m',
      retryDelay: '20ms',
      codebuild: { perSecond: 1000 },
      logs: { perSecond: 1000 },
      ec2: { perSecond: 1000 },
      ssm: { perSecond: 1000 },
    },
    builds: { pollInterval: '100ms', logDrain: '100ms', logWait: '2s' },
    ...scenario.config,
    images: [
      {
        line: `runner-${randomUUID().slice(0, 8)}`,
        product: 'gitlab-runner',
        source: { rpm: `${url}/mirror/el9` },
        versions: '>=16.0',
        baseOs: [
          { name: 'al2023', baseImage },
          { name: 'rocky9', baseImage },
        ],
        account: account.name,
        region,
        builder: { codebuild: { project: 'image-build' } },
        attempts: { delay: '100ms', factor: 1 },
        ...(typeof scenario.line === 'function' ? scenario.line(url) : scenario.line),
      },
    ],
  } satisfies ConfigInput);
}

/** A sandbox with a mirror and a project that builds images, a worker in this process, and a line. */
export async function setStage(scenario: Scenario = {}): Promise<Stage> {
  const fleet = defineFleet(fleetOf(scenario));
  const sandbox = await startSandbox({ fleet, speed: scenario.speed ?? 100 });
  atEnd(() => sandbox.close());
  Object.assign(process.env, sandboxEnv(sandbox.url, region));
  const config = configOf(scenario, sandbox.url);
  const address = inject('temporalAddress');
  const server = { address, namespace: 'default', connectionOptions: { address } };
  const taskQueue = `images-${randomUUID()}`;
  let worker: { worker: NightshiftWorker; running: Promise<void> } | undefined;
  const startWorker = async () => {
    const made = await createWorker({
      server,
      taskQueue,
      ownSetup: () => Promise.resolve({ config, policies: [] }),
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
  atEnd(stopWorker);
  const connection = await Connection.connect({ address });
  atEnd(() => connection.close());
  const temporal = new Client({ connection });
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  atEnd(() => nightshift.close());
  const [first] = config.images ?? [];
  const line = nightshift.images.line(first?.line ?? '', { setup: { config } });
  // What a test leaves running would go on without a worker.
  atEnd(async () => {
    await temporal.workflow
      .getHandle(line.workflowId)
      .terminate()
      .catch(() => undefined);
  });
  const admin = new SandboxAdmin(sandbox.url);
  return {
    sandbox,
    admin,
    nightshift,
    temporal,
    config,
    line,
    taskQueue,
    check: async (options = {}) => await line.settled((await line.check(options)).check),
    publish: async (...versions) => {
      await admin.addPackages('el9', [
        { name: 'gitlab-runner', versions, arch: ['x86_64', 'aarch64'] },
      ]);
    },
    startWorker,
    stopWorker,
  };
}

/** Looks until it is so. The test's own timeout bounds it. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
