import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folders of one build, below the system's folder for temporary files. */
export interface Scratch {
  home: string;
  source: string;
  temporary: string;
  scripts: string;
  remove(): Promise<void>;
}

export async function createScratch(): Promise<Scratch> {
  const home = await mkdtemp(join(tmpdir(), 'nightshift-build-'));
  const below = (name: string) => join(home, name);
  const scratch = {
    home,
    source: below('src'),
    temporary: below('tmp'),
    scripts: below('.commands'),
    remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  };
  for (const folder of [scratch.source, scratch.temporary, scratch.scripts]) await mkdir(folder);
  return scratch;
}
