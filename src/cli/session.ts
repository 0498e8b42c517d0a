import { existsSync } from 'node:fs';
import { NightshiftClient } from '../client/index.js';
import { type LoadedConfig, configFileName, loadConfig } from '../config/index.js';
import type { Setup } from '../domain/cleanup/input.js';
import { installTelemetry } from '../telemetry/index.js';
import { type UsableServer, ensureServer, progressOn } from '../temporal/index.js';
import { type NightshiftWorker, createWorker } from '../worker.js';

export interface SessionOptions {
  /** Path of nightshift.yaml; the one in the working directory when absent. */
  config?: string;
  /** Run a worker, and a server where there is none, in this process. */
  local?: boolean;
}

/** What a command works with. */
export interface Session {
  nightshift: NightshiftClient;
  loaded: LoadedConfig | undefined;
  local: boolean;
}

/** Connects, lends a command what it works with, and takes all of it down afterwards. */
export async function withSession<T>(
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const loaded = await loadIfThere(options.config, options.local ?? false);
  const temporal = loaded?.config.temporal;
  const taskQueue = temporal?.taskQueue ?? 'nightshift';
  if (!options.local) {
    const nightshift = await NightshiftClient.connect({ taskQueue, temporal });
    try {
      return await work({ nightshift, loaded, local: false });
    } finally {
      await nightshift.close();
    }
  }
  installTelemetry({ log: { level: 'error' } });
  const progress = progressOn(process.stderr);
  const server = await ensureServer({ local: true, temporal, onProgress: progress.show }).finally(
    progress.done,
  );
  try {
    return await withLocalWorker({ server, taskQueue, loaded }, work);
  } finally {
    await server.stop();
  }
}

interface LocalOptions {
  server: UsableServer;
  taskQueue: string;
  loaded: LoadedConfig | undefined;
}

async function withLocalWorker<T>(
  { server, taskQueue, loaded }: LocalOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const worker = await createWorker({
    server,
    taskQueue,
    ...(loaded ? { ownSetup: () => Promise.resolve(setupOf(loaded)) } : {}),
  });
  const nightshift = await NightshiftClient.connect({ server, taskQueue });
  const running = worker.run();
  try {
    return await Promise.race([work({ nightshift, loaded, local: true }), failIfItEnds(running)]);
  } finally {
    await endWorker(worker, running);
    await nightshift.close();
  }
}

async function failIfItEnds(running: Promise<void>): Promise<never> {
  await running;
  throw new Error('the worker ended before its time');
}

async function endWorker(worker: NightshiftWorker, running: Promise<void>): Promise<void> {
  worker.stop();
  await running.catch(() => undefined);
}

/** The config that the command names, or the one that is there. Without one, the worker's own counts. */
async function loadIfThere(
  path: string | undefined,
  needed: boolean,
): Promise<LoadedConfig | undefined> {
  const named = path ?? process.env['NIGHTSHIFT_CONFIG'];
  if (named === undefined && !needed && !existsSync(configFileName)) return undefined;
  return await loadConfig(path === undefined ? {} : { path });
}

export function setupOf({ config, policies }: LoadedConfig): Setup {
  return { config, policies };
}
