import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { defineFleet } from '../../../sandbox/fleet/load.js';
import type { FleetInput } from '../../../sandbox/fleet/schema.js';
import { type CommandFolder, createCommandFolder } from './command-folder.js';

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
export interface Workspace extends CommandFolder {
  taskQueue: string;
  /** The account, which no other test cleans: a target is one workflow for the whole server. */
  accountId: string;
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
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  const taskQueue = `cli-${randomBytes(6).toString('hex')}`;
  const stacks = (options.stacks ?? exampleStacks(accountId)).map((stack) => ({
    ...stack,
    account: accountId,
  }));
  const folder = await createCommandFolder('cli', region, {
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
  await mkdir(join(folder.folder, 'policies'));
  await writeFile(join(folder.folder, 'policies/ephemeral.yml'), stringify(policies));
  await folder.writeConfig(config);
  return { ...folder, taskQueue, accountId };
}
