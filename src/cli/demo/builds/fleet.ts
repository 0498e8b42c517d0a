import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { FleetInput } from '../../../../sandbox/fleet/schema.js';
import type { Queues } from './work.js';

export const account = { id: '111111111111', name: 'dev-1' };
export const region = 'ap-southeast-2';
/** Its builds bring a buildspec of their own. */
export const buildsProject = 'app';
/** Its builds run what the job says. */
export const jobsProject = 'buildkite-jobs';

/** Buildkite's, where the config looks for it. */
export const agentToken = {
  name: '/dev/1/buildkite-agent-key',
  value: randomBytes(20).toString('hex'),
};

/** Time is as it is: what builds do is done for real. Only their containers come sooner than at AWS. */
export const speed = 1;

/** Writes a cloud with two CodeBuild projects whose builds really run, and a Buildkite. */
export async function writeFleet(path: string, queues: Queues): Promise<void> {
  const project = {
    account: account.name,
    region,
    execute: true,
    behaviour: { queueSeconds: 0.5, provisioningSeconds: 1 },
  };
  const fleet: FleetInput = {
    regions: [region],
    accounts: [account],
    parameters: [{ ...agentToken, type: 'SecureString' }],
    projects: [
      { ...project, name: buildsProject },
      {
        ...project,
        name: jobsProject,
        buildspec: buildspecOf({ build: ['sh -c "$BUILDKITE_COMMAND"'] }),
      },
    ],
    buildkite: { token: agentToken.value, queues: Object.values(queues) },
  };
  await writeFile(path, stringify(fleet));
}

/** A buildspec of commands by phase. */
export function buildspecOf(commands: Record<string, string[]>): string {
  const phases: Record<string, { commands: string[] }> = {};
  for (const [phase, own] of Object.entries(commands)) phases[phase] = { commands: own };
  return stringify({ version: 0.2, phases }, { lineWidth: 0 });
}
