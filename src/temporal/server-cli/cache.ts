import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { temporalCliFolder } from '../package-root.js';

/**
 * Folder for what Nightshift fetches or builds once for every checkout of a user:
 * NIGHTSHIFT_CACHE_DIR, else `nightshift` in XDG_CACHE_HOME, else in `~/.cache`.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.NIGHTSHIFT_CACHE_DIR) return env.NIGHTSHIFT_CACHE_DIR;
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'nightshift');
}

/** Where the CLI built from `moduleFolder` belongs: another module or platform is another folder. */
export async function builtCliFolder(
  env: NodeJS.ProcessEnv = process.env,
  moduleFolder: string = temporalCliFolder(),
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(moduleFolder, file)));
  const id = `${hash.digest('hex').slice(0, 16)}-${process.platform}-${process.arch}`;
  return join(cacheFolder(env), 'temporal-cli', id);
}

/** Where the CLI that the SDK downloads is kept, apart for each version of the SDK. */
export function downloadedCliFolder(
  sdkVersion: string,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const id = `sdk-${sdkVersion}-${process.platform}-${process.arch}`;
  return join(cacheFolder(env), 'temporal-cli', id);
}
