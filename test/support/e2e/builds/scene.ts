import { randomBytes } from 'node:crypto';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { SandboxAdmin } from '../../../../sandbox/admin-client.js';
import { defineFleet } from '../../../../sandbox/fleet/load.js';
import type { FleetInput } from '../../../../sandbox/fleet/schema.js';
import { type Sandbox, startSandbox } from '../../../../sandbox/index.js';
import { type BuildHandle, NightshiftClient } from '../../../../src/client/index.js';
import { defaultNamespace, localTarget } from '../../../../src/temporal/target.js';
import { WorkerProcess } from '../worker-process.js';
import { writeConfig } from './config.js';
import { type PracticeBuild, agentToken, agentTokenName, projectsIn, region } from './fleet.js';
import { OwnWorkflows } from './own-workflows.js';

/** Ways in which the jobs of a queue are found. */
export type Intake = 'agent' | 'stacks';

export interface BuildsSceneOptions {
  temporalAddress: string;
  /** First three digits of the account's id. */
  family: number;
  /**
   * Sandbox seconds per second; 1 unless given. An agent is lost after 180 of them: where there are jobs, a busy
   * machine needs them all to start workers in.
   */
  speed?: number;
  faults?: FleetInput['faults'];
  seed?: number;
}

/** A sandbox with CodeBuild and Buildkite, a config, and a client: all that is needed but a worker. */
export interface BuildsScene {
  sandbox: Sandbox;
  admin: SandboxAdmin;
  nightshift: NightshiftClient;
  account: { id: string; name: string };
  /** Keys of the queues. */
  queues: Readonly<Record<Intake, string>>;
  workflows: OwnWorkflows;
  runBuild(build: PracticeBuild): Promise<BuildHandle>;
  /** The file that a build's log is written to. */
  logFile(build: PracticeBuild): string;
  /** Looks for builds and jobs whose workflow is gone. */
  sweep(): ReturnType<NightshiftClient['buildkite']['sweep']>;
  /** Starts a worker, which serves the queues; it is killed when the test ends, if it lives by then. */
  startWorker(): Promise<WorkerProcess>;
}

export async function setBuildsScene(options: BuildsSceneOptions): Promise<BuildsScene> {
  const { temporalAddress, family } = options;
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-e2e-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const unique = randomBytes(4).toString('hex');
  const taskQueue = `e2e-${unique}`;
  const account = { id: String(family * 1_000_000_000 + 1), name: `e2e-${family}` };
  const queues = { agent: `agent-${unique}`, stacks: `stacks-${unique}` };
  const sandbox = await startSandbox({
    fleet: fleetOf(options, account),
    speed: options.speed ?? 1,
    ledgerCapacity: 1_000_000,
  });
  onTestFinished(() => sandbox.close());
  const file = { account, taskQueue, endpoint: `${sandbox.url}/v3` };
  const { config } = await writeConfig(join(folder, 'nightshift.yaml'), {
    ...file,
    intake: 'agent',
    queue: queues.agent,
  });
  const { config: forStacks } = await writeConfig(join(folder, 'stacks.yaml'), {
    ...file,
    intake: 'stacks',
    queue: queues.stacks,
  });
  const server = localTarget(temporalAddress, defaultNamespace);
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  onTestFinished(() => nightshift.close());
  const workflows = await OwnWorkflows.connect(server, taskQueue);
  const logFile = ({ name }: PracticeBuild) => join(folder, 'logs', `${name}.log`);
  return {
    sandbox,
    admin: new SandboxAdmin(sandbox.url),
    nightshift,
    account,
    queues,
    workflows,
    logFile,
    sweep: () => nightshift.buildkite.sweep({ config }),
    runBuild: (build) =>
      nightshift.builds.run(
        {
          project: build.project,
          account: account.name,
          region,
          sinks: [{ file: logFile(build) }],
          retry: { attempts: 3, delay: '100ms' },
          setup: { config },
          ...(build.buildspec === undefined ? {} : { buildspec: build.buildspec }),
          ...(build.behaviour === undefined
            ? {}
            : { env: { SANDBOX_BUILD: JSON.stringify(build.behaviour) } }),
        },
        { workflowId: `build-${build.name}-${unique}` },
      ),
    startWorker: async () => {
      const worker = await WorkerProcess.start({
        folder,
        temporalAddress,
        sandboxUrl: sandbox.url,
      });
      onTestFinished(() => worker.kill());
      // A config has one way in; the other queue is asked for by somebody else.
      await nightshift.buildkite.serve({ config: forStacks });
      return worker;
    },
  };
}

function fleetOf(
  { faults = [], seed = 1 }: BuildsSceneOptions,
  account: BuildsScene['account'],
): ReturnType<typeof defineFleet> {
  return defineFleet({
    seed,
    faults,
    // The worker's own region is another one: the agent token is read there.
    regions: [region, 'us-east-1'],
    accounts: [account],
    projects: projectsIn(account.name),
    parameters: [{ name: agentTokenName, value: agentToken, type: 'SecureString' }],
    // Agents beat and look by real time, whatever the sandbox's speed.
    buildkite: { token: agentToken, heartbeatInterval: 1, pingInterval: 1, jobStatusInterval: 1 },
  });
}
