import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { ConfigInput } from '../../../domain/config/index.js';
import type { Means } from '../demonstrate.js';
import { temporalSection } from '../temporal-section.js';
import { account, agentToken, jobsProject, region } from './fleet.js';
import type { Intake, Queues } from './work.js';

/** Jobs that run at the same time, for each intake: fewer than there are of each. */
const concurrency: Record<Intake, number> = { agent: 4, stacks: 2 };

export interface ConfigPaths {
  /** The worker's own: builds, and the queue whose jobs an agent takes. */
  agent: string;
  /** The same with the queue whose jobs are reserved through the Stacks API. */
  stacks: string;
}

/** Writes what a team would write, once for each way of taking jobs. */
export async function writeConfigs(
  means: Pick<Means, 'folder' | 'server' | 'taskQueue'>,
  sandboxUrl: string,
  queues: Queues,
): Promise<ConfigPaths> {
  const { folder } = means;
  const paths = {
    agent: folder.file('nightshift.yaml'),
    stacks: folder.file('nightshift-stacks.yaml'),
  };
  for (const intake of ['agent', 'stacks'] as const)
    await writeFile(paths[intake], stringify(configOf(means, sandboxUrl, intake, queues[intake])));
  return paths;
}

function configOf(
  { server, taskQueue }: Pick<Means, 'server' | 'taskQueue'>,
  sandboxUrl: string,
  intake: Intake,
  queue: string,
): ConfigInput {
  return {
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    regions: [region],
    // The newer of AWS's quotas.
    pace: {
      logs: { perSecond: 25, burst: 50 },
      retryDelay: '50ms',
      // A worker that is killed is missed after so long.
      workerTimeout: '3s',
    },
    // Lines come a second late in the sandbox, at most.
    builds: { pollInterval: '1s', logDrain: '2s' },
    buildkite: {
      endpoint: `${sandboxUrl}/v3`,
      token: { ssm: agentToken.name },
      intake,
      queues: [
        {
          queue,
          account: account.name,
          region,
          project: jobsProject,
          concurrency: concurrency[intake],
        },
      ],
    },
    temporal: temporalSection(server, taskQueue),
  };
}
