import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { defineFleet } from '../../../sandbox/fleet/load.js';
import type { FleetInput } from '../../../sandbox/fleet/schema.js';
import { startSandbox, type Sandbox } from '../../../sandbox/index.js';
import { until } from '../../support/temporal/until.js';
import {
  type CommandOptions,
  type Finished,
  type Running,
  nightshift,
  startNightshift,
} from './command.js';
import { sandboxEnv } from '../../support/sandbox-env.js';

export const region = 'us-east-1';

export interface WorkspaceOptions {
  /** Host and port of the Temporal server; none is named when absent. */
  temporalAddress?: string;
  namespace?: string;
  /** Sandbox seconds per second. At 1e-6 time stands still until `sandbox.clock.skip()`. */
  speed?: number;
  stacks?: FleetInput['stacks'];
  faults?: FleetInput['faults'];
  /** Put over the config. */
  config?: Record<string, unknown>;
}

/** A folder with a config, a sandbox, and a task queue that nobody else uses. */
export interface Workspace {
  folder: string;
  taskQueue: string;
  sandbox: Sandbox;
  /** The account, which no other test cleans: a target is one workflow for the whole server. */
  accountId: string;
  options: CommandOptions;
  run(...args: string[]): Promise<Finished>;
  start(...args: string[]): Running;
  /** Starts `nightshift worker` and waits until it polls. */
  startWorker(): Promise<Running>;
  close(): Promise<void>;
}

type Stack = NonNullable<FleetInput['stacks']>[number];

/** Four ephemeral stacks, of which one is protected and one in use by a fifth, which isn’t ephemeral. */
export function exampleStacks(account: string): Stack[] {
  const place = { account, region, deleteSeconds: 30 };
  const ephemeral = { ...place, tags: { ephemeral: 'true' } };
  return [
    { ...ephemeral, name: 'network', exports: ['vpc'] },
    { ...ephemeral, name: 'app', imports: ['vpc'] },
    { ...ephemeral, name: 'guarded', protected: true },
    { ...ephemeral, name: 'shared', exports: ['database'] },
    { ...place, name: 'consumer', imports: ['database'] },
  ];
}

const policies = {
  policies: [
    {
      name: 'ephemeral-stacks',
      resource: 'aws.cfn',
      filters: [{ 'tag:ephemeral': 'true' }],
      actions: ['delete'],
    },
  ],
};

export async function createWorkspace(options: WorkspaceOptions = {}): Promise<Workspace> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-cli-'));
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  const taskQueue = `cli-${randomBytes(6).toString('hex')}`;
  const stacks = (options.stacks ?? exampleStacks(accountId)).map((stack) => ({
    ...stack,
    account: accountId,
  }));
  const sandbox = await startSandbox({
    speed: options.speed ?? 120,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: accountId, name: 'dev-1' }],
      stacks,
      faults: options.faults ?? [],
    }),
  });
  const temporal = {
    ...(options.temporalAddress === undefined ? {} : { address: options.temporalAddress }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    taskQueue,
  };
  const config = {
    accounts: {
      list: [{ name: 'dev-1', id: accountId }],
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
    },
    regions: [region],
    policies: ['policies/*.yml'],
    pace: { pollInterval: '100ms', retryDelay: '20ms' },
    temporal,
    ...options.config,
  };
  await mkdir(join(folder, 'policies'));
  await writeFile(join(folder, 'policies/ephemeral.yml'), stringify(policies));
  await writeFile(join(folder, 'nightshift.yaml'), stringify(config));
  const command: CommandOptions = {
    cwd: folder,
    env: sandboxEnv(sandbox.url, region),
  };
  const started: Running[] = [];
  const start = (...args: string[]) => {
    const running = startNightshift(args, command);
    started.push(running);
    return running;
  };
  return {
    folder,
    taskQueue,
    sandbox,
    accountId,
    options: command,
    run: (...args) => nightshift(args, command),
    start,
    startWorker: async () => {
      const worker = start('worker', '--log-level', 'error');
      let ended = false;
      void worker.finished.then(() => (ended = true));
      await until('the worker polls', () => {
        const { stderr } = worker.written();
        if (ended) throw new Error(`the worker ended: ${stderr}`);
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
