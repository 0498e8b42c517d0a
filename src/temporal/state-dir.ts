import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NightshiftError } from '../domain/errors.js';

/** Folder of a checkout that the embedded server keeps its state in, unless another is named. */
export const defaultStateDir = '.nightshift';

export function databasePath(stateDir: string): string {
  return join(stateDir, 'temporal.db');
}

/** What the server prints; emptied at each start. */
export function logPath(stateDir: string): string {
  return join(stateDir, 'temporal.log');
}

export async function makeStateDir(stateDir: string): Promise<void> {
  try {
    await mkdir(stateDir, { recursive: true });
    // Nobody wants a database in their repository.
    await writeFile(join(stateDir, '.gitignore'), '*\n');
  } catch (cause) {
    throw new NightshiftError('NoTemporalServer', `Can't write to ${stateDir}`, {
      hint: 'Run it from a folder that can be written to, or set TEMPORAL_ADDRESS.',
      cause,
    });
  }
}
