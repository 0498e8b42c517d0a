import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { SandboxAdmin } from '../../../sandbox/admin-client.js';
import { defineFleet } from '../../../sandbox/fleet/load.js';
import type { FleetInput } from '../../../sandbox/fleet/schema.js';
import { type CommandFolder, createCommandFolder } from '../support/command-folder.js';

export const region = 'ap-southeast-2';
export const tokenName = '/dev/1/buildkite-agent-key';

/** A folder with the smallest config that serves Buildkite, and a sandbox for it. */
export interface Scene extends CommandFolder {
  queue: string;
  taskQueue: string;
  accountId: string;
  admin: SandboxAdmin;
  config: Record<string, unknown>;
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
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  // A queue has one owner on a server.
  const queue = `q-${randomUUID().slice(0, 8)}`;
  const folder = await createCommandFolder('buildkite', region, {
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
  const { sandbox } = folder;
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
  await folder.writeConfig(config);
  return { ...folder, queue, taskQueue, accountId, config, admin: new SandboxAdmin(sandbox.url) };
}
