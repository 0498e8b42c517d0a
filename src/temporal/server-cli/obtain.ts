import type { OnProgress } from '../progress.js';
import { noTemporalServer } from '../ways-out.js';
import { buildCli, builtCli } from './build.js';
import { downloadCli, downloadedCli } from './download.js';
import { findGo } from './go.js';
import { interruptible } from './interrupt.js';
import { onPath } from './on-path.js';
import { messageOf } from '../message-of.js';
import { cliVersion, isRecent, minimumServer } from './version.js';

/** How a CLI was come by. */
export type CliOrigin = 'path' | 'download' | 'built';

export interface TemporalCli {
  path: string;
  how: CliOrigin;
}

export interface ObtainOptions {
  env?: NodeJS.ProcessEnv | undefined;
  onProgress?: OnProgress | undefined;
  signal?: AbortSignal | undefined;
  /** Gives up a download from which no byte has come for this long, in milliseconds. */
  downloadStallMs?: number;
}

/**
 * A Temporal CLI to start a server from: the one on the PATH, else one downloaded or built earlier, else
 * the SDK's download, else a build with Go. NIGHTSHIFT_NO_DOWNLOAD skips the download.
 *
 * @throws NightshiftError `NoTemporalServer` with what each way failed on.
 */
export async function obtainCli(options: ObtainOptions = {}): Promise<TemporalCli> {
  const env = options.env ?? process.env;
  const problems: string[] = [];
  const atHand = await cliAtHand(env, problems);
  if (atHand !== undefined) return atHand;
  return interruptible(options.signal, async (signal) => {
    const how = { env, onProgress: options.onProgress, signal };
    const fetched = await tryDownload(
      { ...how, ...(options.downloadStallMs ? { stallMs: options.downloadStallMs } : {}) },
      problems,
    );
    return fetched ?? (await tryBuild(how, problems));
  });
}

/** A CLI that is there already: nothing is fetched or built. Adds to `problems` what stands in the way. */
export async function cliAtHand(
  env: NodeJS.ProcessEnv,
  problems: string[] = [],
): Promise<TemporalCli | undefined> {
  const found = await onPath('temporal', env);
  const version = found === undefined ? undefined : await cliVersion(found);
  if (found === undefined) problems.push('temporal is not on the PATH');
  else if (version === undefined) problems.push(`${found} is not a Temporal CLI that runs`);
  else if (isRecent(version)) return { path: found, how: 'path' };
  else problems.push(`${found} has server ${version.server}, older than ${minimumServer}`);

  const downloaded = await downloadedCli(env);
  if (downloaded !== undefined) return { path: downloaded, how: 'download' };
  const built = await builtCli(env);
  return built === undefined ? undefined : { path: built, how: 'built' };
}

async function tryDownload(
  options: Parameters<typeof downloadCli>[0],
  problems: string[],
): Promise<TemporalCli | undefined> {
  if (options.env.NIGHTSHIFT_NO_DOWNLOAD) {
    problems.push('NIGHTSHIFT_NO_DOWNLOAD forbids a download');
    return undefined;
  }
  try {
    return { path: await downloadCli(options), how: 'download' };
  } catch (error) {
    options.signal.throwIfAborted();
    const problem = `it could not be downloaded (${messageOf(error)})`;
    problems.push(problem);
    options.onProgress?.({ phase: 'note', message: `The Temporal CLI: ${problem}`, elapsedMs: 0 });
    return undefined;
  }
}

async function tryBuild(
  options: Omit<Parameters<typeof buildCli>[0], 'go'>,
  problems: string[],
): Promise<TemporalCli> {
  const go = await findGo(options.env);
  if ('problem' in go) {
    throw noTemporalServer(`There is no Temporal CLI: ${[...problems, go.problem].join('; ')}`);
  }
  try {
    return { path: await buildCli({ ...options, go: go.path }), how: 'built' };
  } catch (error) {
    options.signal.throwIfAborted();
    const problem = `building it with Go ${go.version} failed: ${messageOf(error)}`;
    throw noTemporalServer(`There is no Temporal CLI: ${[...problems, problem].join('; ')}`, error);
  }
}
