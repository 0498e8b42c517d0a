import { existsSync } from 'node:fs';
import { NightshiftClient } from '../client/index.js';
import { type LoadedConfig, configFileName, loadConfig } from '../config/index.js';
import type { Setup } from '../domain/cleanup/input.js';
import { type UsableServer, ensureServer, progressOn } from '../temporal/index.js';
import type { NightshiftWorker } from '../worker.js';
import { interruptible } from './interrupts.js';

export interface SessionOptions {
  /** Path of nightshift.yaml; the one in the working directory when absent. */
  config?: string;
  /** Run a worker, and a server where there is none, in this process. */
  local?: boolean;
  /** Whether the command can't do without a config of its own: a local run, say. */
  needsConfig?: boolean;
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
  const loaded = await loadIfThere(options.config, options.needsConfig ?? false);
  const temporal = loaded?.config.temporal;
  const taskQueue = temporal?.taskQueue ?? 'nightshift';
  if (options.local) return await withLocalServer({ loaded, taskQueue }, work);
  const nightshift = await NightshiftClient.connect({ taskQueue, temporal });
  try {
    return await work({ nightshift, loaded, local: false });
  } finally {
    await nightshift.close();
  }
}

interface LocalOptions {
  taskQueue: string;
  loaded: LoadedConfig | undefined;
}

async function withLocalServer<T>(
  options: LocalOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { installTelemetry } = await import('../telemetry/index.js');
  // What the command shows is the account of what happens; a Ctrl-C is the command's to hear.
  installTelemetry({ log: { level: 'error' }, shutdownSignals: [] });
  const server = await startServer({ temporal: options.loaded?.config.temporal });
  try {
    return await withLocalWorker(server, options, work);
  } finally {
    await server.stop();
  }
}

/** A server for this process, shown while it is got or started; Ctrl-C ends the getting. */
export async function startServer(
  options: Omit<Parameters<typeof ensureServer>[0], 'local' | 'onProgress' | 'signal'>,
): Promise<UsableServer> {
  const progress = progressOn(process.stderr);
  return await interruptible(async (signal) => {
    const server = await ensureServer({
      ...options,
      local: true,
      onProgress: progress.show,
      signal,
    }).finally(progress.done);
    if (!signal.aborted) return server;
    await server.stop();
    throw signal.reason;
  });
}

async function withLocalWorker<T>(
  server: UsableServer,
  { taskQueue, loaded }: LocalOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  // Loaded when it is needed: the worker and the AWS SDK take longer to load than most commands to run.
  const { createWorker } = await import('../worker.js');
  const worker = await createWorker({
    server,
    taskQueue,
    workerTimeout: loaded?.config.pace.workerTimeout,
    ...(loaded ? { ownSetup: () => Promise.resolve(setupOf(loaded)) } : {}),
  });
  const running = worker.run();
  try {
    const nightshift = await NightshiftClient.connect({ server, taskQueue });
    try {
      return await Promise.race([work({ nightshift, loaded, local: true }), failIfItEnds(running)]);
    } finally {
      await nightshift.close();
    }
  } finally {
    await endWorker(worker, running);
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
export async function loadIfThere(
  path: string | undefined,
  needed: boolean,
): Promise<LoadedConfig | undefined> {
  const named = path ?? process.env['NIGHTSHIFT_CONFIG'];
  if (!named && !needed && !existsSync(configFileName)) return undefined;
  return await loadConfig(path === undefined ? {} : { path });
}

export function setupOf({ config, policies }: LoadedConfig): Setup {
  return { config, policies };
}
