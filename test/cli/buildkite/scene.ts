import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SandboxAdmin } from '../../../sandbox/admin-client.js';
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

export const region = 'ap-southeast-2';
export const tokenName = '/dev/1/buildkite-agent-key';

/** A folder with the smallest config that serves Buildkite, and a sandbox for it. */
export interface Scene {
  folder: string;
  queue: string;
  taskQueue: string;
  accountId: string;
  sandbox: Sandbox;
  admin: SandboxAdmin;
  run(...args: string[]): Promise<Finished>;
  start(...args: string[]): Running;
  /** Puts another config in place of what is there. */
  writeConfig(config: object): Promise<void>;
  config: Record<string, unknown>;
  close(): Promise<void>;
}

export interface SceneOptions {
  temporalAddress: string;
  agentToken?: string;
  intake?: 'agent' | 'stacks';
  buildkite?: FleetInput['buildkite'];
  /** Keys of nightshift.yaml besides. */
  config?: object;
  /** Sandbox seconds per second. */
  speed?: number;
}

/** Runs the job’s command, as the project of a real queue does. */
const buildspec = JSON.stringify({
  version: 0.2,
  phases: { build: { commands: ['sh -c "$BUILDKITE_COMMAND"'] } },
});

export async function createScene(options: SceneOptions): Promise<Scene> {
  const { temporalAddress, agentToken = 'agent-token', intake = 'agent', speed = 20 } = options;
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-buildkite-'));
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  // A queue has one owner on a server.
  const queue = `q-${randomUUID().slice(0, 8)}`;
  const sandbox = await startSandbox({
    speed,
    fleet: defineFleet({
      regions: [region],
      accounts: [{ id: accountId, name: 'dev-1' }],
      parameters: [{ name: tokenName, value: agentToken, type: 'SecureString' }],
      projects: [
        { account: 'dev-1', region, name: 'buildkite-jobs', execute: true, buildspec },
        { account: 'dev-1', region, name: 'made-up' },
      ],
      buildkite: {
        token: agentToken,
        heartbeatInterval: 1,
        lostAfterSeconds: 10_000,
        giveAwayAfterSeconds: 20_000,
        ...options.buildkite,
      },
    }),
  });
  const taskQueue = `buildkite-${randomBytes(6).toString('hex')}`;
  const config = {
    buildkite: {
      endpoint: `${sandbox.url}/v3`,
      token: { ssm: tokenName },
      intake,
      queues: [{ queue, account: 'dev-1', region, project: 'buildkite-jobs', concurrency: 10 }],
    },
    builds: { pollInterval: '100ms', logDrain: '300ms', logWait: '1s' },
    temporal: { address: temporalAddress, taskQueue },
    ...options.config,
  };
  const file = join(folder, 'nightshift.yaml');
  await writeFile(file, stringify(config));
  const command: CommandOptions = {
    cwd: folder,
    env: sandboxEnv(sandbox.url, region),
  };
  const started: Running[] = [];
  return {
    folder,
    queue,
    taskQueue,
    accountId,
    sandbox,
    admin: new SandboxAdmin(sandbox.url),
    config,
    writeConfig: (other) => writeFile(file, stringify(other)),
    run: (...args) => nightshift(args, command),
    start: (...args) => {
      const running = startNightshift(args, command);
      started.push(running);
      return running;
    },
    close: async () => {
      for (const running of started) running.signal('SIGKILL');
      await Promise.all(started.map(({ finished }) => finished));
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a process has written something on stderr. */
export async function untilSaid(running: Running, words: string): Promise<void> {
  let ended: Finished | undefined;
  void running.finished.then((finished) => (ended = finished));
  await until(`it says ${words}`, () => {
    const { stderr } = running.written();
    if (ended && !stderr.includes(words)) throw new Error(`it ended: ${stderr}`);
    return stderr.includes(words);
  });
}
