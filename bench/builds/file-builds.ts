import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import type { BuildResult } from '../../src/client/index.js';
import type { Config } from '../../src/domain/config/index.js';
import type { Stage } from '../stage.js';
import { benchProject } from './cases.js';
import type { SunkBuild } from './sunk-build.js';

/** Workflows that are asked for at the same time. */
const startsAtOnce = 50;

/** Runs so many builds at once, each with its log to a file of the folder. */
export async function runFileBuilds(
  { nightshift }: Stage,
  { builds: count, config, folder }: { builds: number; config: Config; folder: string },
): Promise<SunkBuild[]> {
  const request = {
    ...benchProject,
    sinks: [{ file: join(folder, '{buildId}.log') }],
    setup: { config },
  };
  const handles = await pLimit(startsAtOnce).map(Array.from({ length: count }), () =>
    nightshift.builds.run(request),
  );
  const ended: BuildResult[] = [];
  // One after the other: all but the first few have ended by the time they are asked.
  for (const handle of handles) ended.push(await handle.result());
  return await pLimit(4).map(ended, (build) => sunk(build, folder));
}

async function sunk(build: BuildResult, folder: string): Promise<SunkBuild> {
  const log = `${build.buildId.replaceAll(':', '-')}.log`;
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, log)), hash);
  const { size } = await stat(join(folder, log));
  return { build, log, bytes: size, sha256: hash.digest('hex') };
}
