import { mkdir, readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { temporalCliFolder } from '../package-root.js';
import { reporting, type OnProgress } from '../progress.js';
import { withLock } from '../state-lock.js';
import { downloadedCliFolder } from './cache.js';
import { runChild } from './child.js';
import { isExecutable } from './on-path.js';

export interface DownloadOptions {
  env: NodeJS.ProcessEnv;
  onProgress?: OnProgress | undefined;
  signal: AbortSignal;
  /** Gives up when no byte has come for this long, in milliseconds. */
  stallMs?: number;
}

const deadlineMs = 10 * 60_000;

/** The CLI that the SDK downloaded earlier, if it did. */
export async function downloadedCli(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const folder = downloadedCliFolder(sdkVersion(), env);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.sort()) {
    const path = join(folder, name);
    // The SDK writes to a name of its own (….downloading) and renames it once it is whole.
    if (/^temporal[^/]*(?<!\.downloading)$/.test(name) && (await isExecutable(path))) return path;
  }
  return undefined;
}

/**
 * Has the SDK download the CLI that belongs to its version, in a process of its own: the SDK knows no
 * deadline, and without a network it fails at once or hangs, depending on the network.
 */
export async function downloadCli(options: DownloadOptions): Promise<string> {
  const folder = downloadedCliFolder(sdkVersion(), options.env);
  await mkdir(folder, { recursive: true });
  const message = 'Downloading the Temporal CLI';
  const phase = { phase: 'downloading', message } as const;
  return reporting(
    options.onProgress,
    () => phase,
    () =>
      withLock(
        join(folder, '.lock'),
        { of: 'the download of the Temporal CLI', deadlineMs, signal: options.signal },
        async () => (await downloadedCli(options.env)) ?? (await fetchInto(folder, options)),
      ),
  );
}

async function fetchInto(folder: string, options: DownloadOptions): Promise<string> {
  const stall = stallGuard(folder, options.stallMs ?? 20_000);
  try {
    const script = join(temporalCliFolder(), 'download.mjs');
    const result = await runChild({
      command: process.execPath,
      args: [script, folder],
      cwd: temporalCliFolder(),
      env: options.env,
      signal: AbortSignal.any([options.signal, stall.signal]),
    });
    const path = await downloadedCli(options.env);
    if (result.code !== 0 || path === undefined) {
      throw new Error(failureIn(result.stderrTail) || 'nothing was downloaded');
    }
    return path;
  } finally {
    stall.stop();
  }
}

/** Aborts once the folder has not grown for `stallMs`. */
function stallGuard(folder: string, stallMs: number): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  let size = -1;
  let since = Date.now();
  const timer = setInterval(() => {
    void folderSize(folder).then((now) => {
      if (now !== size) [size, since] = [now, Date.now()];
      else if (Date.now() - since > stallMs) {
        controller.abort(new Error(`nothing came for ${Math.round(stallMs / 1000)} s`));
      }
    });
  }, 250);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}

async function folderSize(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    sum += await stat(join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    );
  }
  return sum;
}

/** The last line, without the URL that the SDK repeats in front of the cause. */
function failureIn(stderr: string): string {
  const line = stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return line
    .replace(/^Failed to start ephemeral server: /, '')
    .replace(/error sending request for url \([^)]*\): /g, '');
}

/** Version of the SDK, whose download is kept apart for each. */
export function sdkVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)('@temporalio/client/package.json');
  return z.object({ version: z.string() }).parse(manifest).version;
}
