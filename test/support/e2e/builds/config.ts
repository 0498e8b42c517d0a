import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { type Setup, loadSetup } from '../../../../src/client/index.js';
import { agentTokenName, projects, region } from './fleet.js';

export interface BuildsConfig {
  account: { id: string; name: string };
  taskQueue: string;
  /** Of Buildkite. */
  endpoint: string;
  intake: 'agent' | 'stacks';
  queue: string;
}

/** Writes a nightshift.yaml, and reads it as a worker does. */
export async function writeConfig(path: string, options: BuildsConfig): Promise<Setup> {
  const { account, taskQueue, endpoint, intake, queue } = options;
  const fast = { perSecond: 500, burst: 500 };
  const config = {
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    regions: [region],
    pace: {
      codebuild: fast,
      logs: fast,
      ssm: fast,
      sts: fast,
      retryDelay: '50ms',
      // A worker's death costs as long as this: the tests can't wait for the default.
      workerTimeout: '2s',
    },
    builds: { pollInterval: '200ms', logDrain: '2s', logWait: '5s' },
    buildkite: {
      endpoint,
      token: { ssm: agentTokenName },
      intake,
      queues: [{ queue, account: account.name, region, project: projects.jobs, concurrency: 3 }],
    },
    temporal: { taskQueue },
  };
  await writeFile(path, stringify(config));
  return await loadSetup(path);
}
