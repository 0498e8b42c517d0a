import { randomBytes, randomInt } from 'node:crypto';
import { defineFleet } from '../../../sandbox/fleet/load.js';
import type { FleetInput } from '../../../sandbox/fleet/schema.js';
import { type CommandFolder, createCommandFolder } from '../support/command-folder.js';

export const region = 'us-east-1';

type Project = NonNullable<FleetInput['projects']>[number];

/** A folder with a config, a sandbox with projects, and a task queue that nobody else uses. */
export interface Scene extends CommandFolder {
  accountId: string;
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
  const accountId = String(randomInt(100_000_000_000, 999_999_999_999));
  const folder = await createCommandFolder('build', region, {
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
  await folder.writeConfig(config);
  return { ...folder, accountId };
}
