import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { lock } from 'proper-lockfile';
import { InvalidInputError } from '../../domain/errors.js';
import { defaultStateDir, makeStateDir } from '../../temporal/state-dir.js';

/** Demos that may be under way at the same time in one folder. */
const atOnce = 20;

/** Where a demo writes. */
export interface DemoFolder {
  path: string;
  file(name: string): string;
  /** The path of a file as a person would type it. */
  shown(name: string): string;
  /** Lets the next demo have the folder; the files stay. */
  release(): Promise<void>;
}

/** `.nightshift/demo`, or `.nightshift/demo-2` and so on while another demo writes there. */
export async function claimFolder(): Promise<DemoFolder> {
  await makeStateDir(defaultStateDir);
  for (let number = 1; number <= atOnce; number++) {
    const path = join(defaultStateDir, number === 1 ? 'demo' : `demo-${number}`);
    await mkdir(path, { recursive: true });
    const release = await claim(path);
    if (!release) continue;
    const file = (name: string) => join(path, name);
    return { path, file, shown: (name) => relative('.', file(name)), release };
  }
  throw new InvalidInputError([
    { source: 'demo', path: '', message: `${atOnce} demos are under way here already` },
  ]);
}

async function claim(path: string): Promise<(() => Promise<void>) | undefined> {
  try {
    return await lock(path, {
      lockfilePath: join(path, 'lock'),
      // Lost only while this machine slept: two demos would then share a folder, which harms no one.
      onCompromised: () => undefined,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ELOCKED') return undefined;
    throw error;
  }
}
