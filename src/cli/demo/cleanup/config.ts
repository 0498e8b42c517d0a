import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import type { ConfigInput } from '../../../domain/config/schema.js';
import type { UsableServer } from '../../../temporal/index.js';
import { packageRoot } from '../../../temporal/package-root.js';
import type { DemoFolder } from '../folder.js';
import { temporalSection } from '../temporal-section.js';

/** Sandbox seconds in a second. The longest chain of the fleet takes a quarter of an hour at AWS. */
export const speed = 60;

/** A time at AWS as the demo's config has to say it: this many sandbox seconds. */
const scaled = (seconds: number) => `${Math.round((seconds * 1_000) / speed)}ms`;

/** What a team would write, at the sandbox's speed. */
export function demoConfig(server: UsableServer, taskQueue: string): ConfigInput {
  return {
    accounts: {
      ssm: { path: '/nightshift/accounts' },
      role: 'arn:aws:iam::{accountId}:role/nightshift-spoke',
    },
    regions: ['ap-southeast-2', 'us-east-1', 'eu-west-1'],
    policies: ['policies/*.yml'],
    rails: { maxDeletes: 300 },
    pace: {
      cloudformation: { perSecond: 50, burst: 100 },
      s3: { perSecond: 500, burst: 1_000 },
      pollInterval: scaled(30),
      retryDelay: '50ms',
      // A worker that is killed is missed after so long.
      workerTimeout: '3s',
    },
    cleanup: {
      waits: {
        networkInterfaces: scaled(60),
        replicatedFunction: scaled(60),
        throttled: scaled(30),
        busy: scaled(30),
      },
    },
    temporal: temporalSection(server, taskQueue),
  };
}

/** Writes nightshift.yaml and, beside it, the policies that Nightshift comes with. */
export async function writeConfig(folder: DemoFolder, config: ConfigInput): Promise<string> {
  const path = folder.file('nightshift.yaml');
  await writeFile(path, stringify(config));
  await rm(folder.file('policies'), { recursive: true, force: true });
  await mkdir(folder.file('policies'));
  const shipped = join(packageRoot(), 'policies');
  for (const name of await readdir(shipped)) {
    if (!name.endsWith('.yml')) continue;
    const text = await readFile(join(shipped, name), 'utf8');
    await writeFile(folder.file(join('policies', name)), withDeleteRole(text));
  }
  return path;
}

/**
 * One stack of the fleet was created with a role that is gone. The policy names another one to delete such
 * stacks with; it is the account's own, so it is the demo's to say.
 */
function withDeleteRole(policies: string): string {
  const document = parseDocument(policies);
  if (document.getIn(['policies', 0, 'resource']) !== 'aws.cfn') return policies;
  document.setIn(
    ['policies', 0, 'metadata', 'nightshift', 'deleteRole'],
    'arn:aws:iam::{accountId}:role/nightshift-spoke',
  );
  return document.toString({ lineWidth: 0 });
}
