import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { onTestFinished } from 'vitest';
import { SandboxAdmin } from '../../../sandbox/admin-client.js';
import { defineFleet } from '../../../sandbox/fleet/load.js';
import { type Sandbox, startSandbox } from '../../../sandbox/index.js';
import {
  type CleanupRequest,
  NightshiftClient,
  type RunHandle,
  type RunResult,
  type Setup,
  loadSetup,
} from '../../../src/client/index.js';
import { defaultNamespace, localTarget } from '../../../src/temporal/target.js';
import type { PracticeFleet } from './fleet.js';
import { WorkerProcess } from './worker-process.js';

export interface SceneOptions {
  practice: PracticeFleet;
  temporalAddress: string;
  /** Sandbox seconds per second. */
  speed?: number;
  /** Put over `cleanup` and `pace` of nightshift.yaml. */
  cleanup?: object;
  pace?: object;
  /** Put over the options of the policy for stacks. */
  options?: object;
}

/** A sandbox, a config, and a client: all that a run needs but a worker. Taken down when the test ends. */
export interface Scene {
  sandbox: Sandbox;
  admin: SandboxAdmin;
  practice: PracticeFleet;
  nightshift: NightshiftClient;
  /** Starts a run; `reconfigure` changes the config for it alone. */
  run(
    request?: Omit<CleanupRequest, 'mode' | 'setup'>,
    reconfigure?: (config: Setup['config']) => Setup['config'],
  ): Promise<RunHandle>;
  /** Waits for the end of a run, for which a worker must be there, and returns its result. */
  resultOf(run: RunHandle): Promise<RunResult>;
  /** Starts a worker; it is killed when the test ends, if it lives by then. */
  startWorker(): Promise<WorkerProcess>;
}

export async function setScene(options: SceneOptions): Promise<Scene> {
  const { practice, temporalAddress } = options;
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const taskQueue = `e2e-${randomBytes(6).toString('hex')}`;
  await writeConfig(folder, taskQueue, options);
  const sandbox = await startSandbox({
    fleet: defineFleet(practice.fleet),
    speed: options.speed ?? 60,
  });
  onTestFinished(() => sandbox.close());
  const setup: Setup = await loadSetup(join(folder, 'nightshift.yaml')).then(
    ({ config, policies }) => ({ config, policies }),
  );
  const server = localTarget(temporalAddress, defaultNamespace);
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  onTestFinished(() => nightshift.close());
  return {
    sandbox,
    admin: new SandboxAdmin(sandbox.url),
    practice,
    nightshift,
    run: (request, reconfigure = (config) => config) =>
      nightshift.cleanup.run({
        ...request,
        setup: { ...setup, config: reconfigure(setup.config) },
      }),
    resultOf: (run) => run.result(),
    startWorker: async () => {
      const worker = await WorkerProcess.start({
        folder,
        temporalAddress,
        sandboxUrl: sandbox.url,
      });
      onTestFinished(() => worker.kill());
      return worker;
    },
  };
}

const stackPolicy = 'ephemeral-stacks';

async function writeConfig(folder: string, taskQueue: string, options: SceneOptions) {
  const { accounts, regions } = options.practice.fleet;
  const fast = { perSecond: 500, burst: 500 };
  const config = {
    accounts: {
      list: accounts.map(({ id, name }) => ({ id, name })),
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
    },
    regions,
    policies: ['policies.yml'],
    pace: {
      cloudformation: fast,
      s3: fast,
      sts: fast,
      pollInterval: '100ms',
      retryDelay: '50ms',
      // A worker's death costs as long as this: the tests can't wait for the default.
      workerTimeout: '2s',
      ...options.pace,
    },
    cleanup: { waits: { throttled: '500ms', busy: '300ms' }, ...options.cleanup },
    temporal: { taskQueue },
  };
  const policies = {
    policies: [
      {
        name: stackPolicy,
        resource: 'aws.cfn',
        metadata: { nightshift: { passes: 4, nonEmptyBuckets: 'empty', ...options.options } },
        filters: [{ 'tag:ephemeral': 'true' }],
        actions: ['delete'],
      },
      {
        name: 'ephemeral-buckets',
        resource: 'aws.s3',
        filters: [{ 'tag:ephemeral': 'true' }],
        actions: [{ type: 'delete', 'remove-contents': true }],
      },
    ],
  };
  await writeFile(join(folder, 'nightshift.yaml'), stringify(config));
  await writeFile(join(folder, 'policies.yml'), stringify(policies));
}
