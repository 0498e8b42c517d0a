import { randomBytes, randomInt } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { defineFleet } from '../../../sandbox/fleet/load.js';
import type { FleetInput } from '../../../sandbox/fleet/schema.js';
import { type Sandbox, startSandbox } from '../../../sandbox/index.js';
import { until } from '../../support/temporal/until.js';
import {
  type CommandOptions,
  type Finished,
  type Running,
  nightshift,
  startNightshift,
} from '../support/command.js';
import { sandboxEnv } from '../../support/sandbox-env.js';

export const region = 'us-east-1';

type Project = NonNullable<FleetInput['projects']>[number];

/** A folder with a config, a sandbox with projects, and a task queue that nobody else uses. */
export interface Scene {
  folder: string;
  sandbox: Sandbox;
  accountId: string;
  options: CommandOptions;
  run(...args: string[]): Promise<Finished>;
  start(...args: string[]): Running;
  /** Starts `nightshift worker` and waits until it polls. */
  startWorker(): Promise<Running>;
  close(): Promise<void>;
}

interface SceneOptions {
  temporalAddress: string;
  projects: Omit<Project, 'account' | 'region'>[];
  /** Sandbox seconds per second. */
  speed?: number;
}

export async function createScene({
  temporalAddress,
  projects,
  speed = 30,
}: SceneOptions): Promise<Scene> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-build-'));
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  const sandbox = await startSandbox({
    speed,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: accountId, name: 'dev-1' }],
      projects: projects.map((project) => ({ ...project, account: accountId, region })),
    }),
  });
  const config = {
    accounts: {
      list: [{ name: 'dev-1', id: accountId }],
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
    },
    regions: [region],
    builds: { pollInterval: '100ms', logDrain: '300ms', logWait: '2s' },
    pace: { retryDelay: '20ms' },
    temporal: { address: temporalAddress, taskQueue: `build-${randomBytes(6).toString('hex')}` },
  };
  await writeFile(join(folder, 'nightshift.yaml'), stringify(config));
  const options: CommandOptions = {
    cwd: folder,
    env: sandboxEnv(sandbox.url, region),
  };
  const started: Running[] = [];
  const start = (...args: string[]) => {
    const running = startNightshift(args, options);
    started.push(running);
    return running;
  };
  return {
    folder,
    sandbox,
    accountId,
    options,
    run: (...args) => nightshift(args, options),
    start,
    startWorker: async () => {
      const worker = start('worker', '--log-level', 'error');
      let hasEnded = false;
      void worker.finished.then(() => (hasEnded = true));
      await until('the worker polls', () => {
        const { stderr } = worker.written();
        if (hasEnded) throw new Error(`the worker ended: ${stderr}`);
        return stderr.includes('worker polls');
      });
      return worker;
    },
    close: async () => {
      for (const running of started) running.signal('SIGKILL');
      await Promise.all(started.map(({ finished }) => finished));
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
