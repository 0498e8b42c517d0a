import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { ConfigInput } from '../../../domain/config/index.js';
import type { Means } from '../demonstrate.js';
import { temporalSection } from '../temporal-section.js';
import { baseOses, firstRunLimit, mirror, mostAttempts, product } from './cast.js';
import { type DemoFleet, copyRegion, earlierTags, project, region } from './fleet.js';

/** The line of the demo, as its config has it. */
export interface DemoLine {
  line: string;
  channel: string;
  /** SSM parameter that its tracker is in. */
  tracker: string;
}

/** Writes what a team would write, at the sandbox's speed. Returns its path. */
export async function writeConfig(
  { folder, server, taskQueue }: Pick<Means, 'folder' | 'server' | 'taskQueue'>,
  sandboxUrl: string,
  { account }: DemoFleet,
  line: DemoLine,
): Promise<string> {
  const config: ConfigInput = {
    accounts: { list: [account], role: 'arn:aws:iam::{accountId}:role/nightshift-spoke' },
    pace: {
      codebuild: { perSecond: 50, burst: 100 },
      ec2: { perSecond: 50, burst: 100 },
      logs: { perSecond: 50, burst: 100 },
      ssm: { perSecond: 50, burst: 100 },
      retryDelay: '50ms',
      // A worker that is killed is missed after so long.
      workerTimeout: '3s',
    },
    builds: { pollInterval: '300ms', logDrain: '300ms' },
    images: [
      {
        line: line.line,
        channel: line.channel,
        product,
        source: { rpm: `${sandboxUrl}/mirror/${mirror}` },
        versions: '>=16.9',
        baseOs: baseOses.map(({ name, image }) => ({ name, baseImage: image.id })),
        account: account.name,
        region,
        builder: { codebuild: { project } },
        copyTo: [copyRegion],
        concurrency: 4,
        attempts: { most: mostAttempts, delay: '1s' },
        firstRunLimit,
        existing: earlierTags,
        tracker: { ssm: line.tracker },
      },
    ],
    temporal: temporalSection(server, taskQueue),
  };
  const path = folder.file('nightshift.yaml');
  await writeFile(path, stringify(config));
  return path;
}
