import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NightshiftError } from '../domain/errors.js';
import { freePort, isPortFree, splitAddress } from './address.js';
import { obtainCli, type CliOrigin } from './server-cli/obtain.js';
import { devServerArgs } from './dev-server-args.js';
import { answered, localDeadlineMs, probe } from './probe.js';
import { processIdentity } from './process-identity.js';
import { reporting, type OnProgress } from './progress.js';
import { awaitAnswer, end, launch, ServerDied } from './server-process.js';
import {
  livingRecord,
  livingUsers,
  readRecord,
  removeRecord,
  writeRecord,
  type ServerRecord,
} from './server-record.js';
import { withLock } from './state-lock.js';
import { defaultNamespace, localTarget, type TemporalTarget } from './target.js';
import { noTemporalServer } from './ways-out.js';

export interface EmbeddedOptions {
  /** Folder that holds the server's state, made when it isn't there; `.nightshift` unless given. */
  stateDir?: string | undefined;
  /** Port on 127.0.0.1. Unless given: the one that this state was last served on, else a free one. */
  port?: number | undefined;
  /** Port of the web pages; a free one unless given. */
  uiPort?: number | undefined;
  /** Without web pages. True unless given, or `uiPort` is. */
  headless?: boolean | undefined;
  /** Made when it isn't there. */
  namespace?: string | undefined;
  onProgress?: OnProgress | undefined;
  /** Ends getting the CLI (download, build); a server that was started goes on. */
  signal?: AbortSignal | undefined;
  /** Defaults to `process.env`. */
  env?: NodeJS.ProcessEnv | undefined;
}

/** A server of this checkout. It outlives this process unless the last of its users calls `stop`. */
export interface EmbeddedServer extends TemporalTarget {
  kind: 'embedded';
  pid: number;
  /** Where its CLI came from. */
  how: CliOrigin;
  /** Whether it ran already: started by another command, or by one that crashed. */
  joined: boolean;
  /** Address of its web pages. */
  ui?: string;
  /** Ends the use of the server, and the server itself when nobody else uses it. */
  stop(): Promise<void>;
}

export const defaultStateDir = '.nightshift';

/** How long a server may take to answer after its start, in milliseconds. Most need two seconds. */
const startDeadlineMs = 60_000;
/** Longer than a build of the CLI may take, as that happens under the lock. */
const lockDeadlineMs = 60 * 60_000;

/**
 * Starts a server with its state in `stateDir`, or joins the one that runs there.
 *
 * @throws NightshiftError `NoTemporalServer` when no CLI can be had or the server does not start.
 */
export async function startEmbeddedServer(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const stateDir = resolve(options.stateDir ?? defaultStateDir);
  await makeStateDir(stateDir);
  return locked(stateDir, options, async () => {
    const found = await joinable(stateDir);
    const record = found ?? (await startNew(stateDir, options));
    return use(stateDir, record, found !== undefined);
  });
}

/** Uses the server that runs on `stateDir`, if one does. */
export async function joinEmbeddedServer(
  options: EmbeddedOptions = {},
): Promise<EmbeddedServer | undefined> {
  const stateDir = resolve(options.stateDir ?? defaultStateDir);
  if ((await livingRecord(stateDir)) === undefined) return undefined;
  return locked(stateDir, options, async () => {
    const record = await joinable(stateDir);
    return record === undefined ? undefined : use(stateDir, record, true);
  });
}

function locked<T>(stateDir: string, options: EmbeddedOptions, work: () => Promise<T>): Promise<T> {
  const message = 'Waiting for another command that starts or stops the server';
  return withLock(
    join(stateDir, 'server.lock'),
    {
      of: 'the start of the embedded server',
      onWait: () => options.onProgress?.({ phase: 'waiting', message, elapsedMs: 0 }),
      deadlineMs: lockDeadlineMs,
      signal: options.signal,
    },
    work,
  );
}

async function makeStateDir(stateDir: string): Promise<void> {
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

/** The server that runs there and answers. One that lives but does not answer is ended. */
async function joinable(stateDir: string): Promise<ServerRecord | undefined> {
  const record = await livingRecord(stateDir);
  if (record === undefined) return undefined;
  try {
    const logFile = logPath(stateDir);
    // It may be just starting, by a command that was killed meanwhile.
    const wait = { namespace: record.namespace, logFile, deadlineMs: startDeadlineMs / 4 };
    await awaitAnswer(record.server, record.address, wait);
    return record;
  } catch {
    await end(record.server);
    return undefined;
  }
}

async function startNew(stateDir: string, options: EmbeddedOptions): Promise<ServerRecord> {
  const cli = await obtainCli(options);
  const previous = await readRecord(stateDir);
  const message = 'Starting the embedded Temporal server';
  return reporting(
    options.onProgress,
    () => ({ phase: 'starting', message }),
    async () => {
      // A free port may be taken before the server listens on it, so choose again, a few times.
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await startOnce(stateDir, options, cli, attempt === 1 ? previous : undefined);
        } catch (error) {
          await removeRecord(stateDir);
          const again = options.port === undefined && attempt < 4 && portTaken(error);
          if (!again) throw explain(error, stateDir);
        }
      }
    },
  );
}

async function startOnce(
  stateDir: string,
  options: EmbeddedOptions,
  cli: { path: string; how: CliOrigin },
  previous: ServerRecord | undefined,
): Promise<ServerRecord> {
  const namespace = options.namespace ?? defaultNamespace;
  const port = options.port ?? (await choosePort(previous));
  if (!(await isPortFree(port))) throw await occupied(port);
  const headless = options.headless ?? options.uiPort === undefined;
  const uiPort = headless ? undefined : (options.uiPort ?? (await freePort()));
  const logFile = logPath(stateDir);
  const database = databasePath(stateDir);
  const args = devServerArgs({ port, uiPort, namespace, database });
  const server = await launch({ cli: cli.path, args, logFile });
  const address = `127.0.0.1:${port}`;
  const ui = uiPort === undefined ? {} : { ui: `http://127.0.0.1:${uiPort}` };
  const record = { address, namespace, how: cli.how, server, users: [], ...ui };
  // Written before it answers: if this process is killed meanwhile, the server is still found again.
  await writeRecord(stateDir, record);
  try {
    await awaitAnswer(server, address, { namespace, logFile, deadlineMs: startDeadlineMs });
  } catch (error) {
    await end(server);
    throw error;
  }
  return record;
}

/** The same port again, so that what was connected before a crash finds the server where it was. */
async function choosePort(previous: ServerRecord | undefined): Promise<number> {
  if (previous !== undefined) {
    const { port } = splitAddress(previous.address);
    if (await isPortFree(port)) return port;
  }
  return freePort();
}

async function use(
  stateDir: string,
  record: ServerRecord,
  joined: boolean,
): Promise<EmbeddedServer> {
  const id = randomUUID();
  const identity = (await processIdentity(process.pid)) ?? 'unknown';
  const users = [...(await livingUsers(record)), { id, pid: process.pid, identity }];
  await writeRecord(stateDir, { ...record, users });
  return {
    ...localTarget(record.address, record.namespace),
    kind: 'embedded',
    pid: record.server.pid,
    how: record.how,
    joined,
    ...(record.ui === undefined ? {} : { ui: record.ui }),
    stop: () => leave(stateDir, id),
  };
}

async function leave(stateDir: string, id: string): Promise<void> {
  await locked(stateDir, {}, async () => {
    const record = await readRecord(stateDir);
    if (record?.users.some((user) => user.id === id) !== true) return;
    const others = (await livingUsers(record)).filter((user) => user.id !== id);
    if (others.length > 0) return writeRecord(stateDir, { ...record, users: others });
    await end(record.server);
    // The record stays, so that the next start takes the same port.
    await writeRecord(stateDir, { ...record, users: [] });
  });
}

function databasePath(stateDir: string): string {
  return join(stateDir, 'temporal.db');
}

function logPath(stateDir: string): string {
  return join(stateDir, 'temporal.log');
}

function portTaken(error: unknown): boolean {
  return (
    error instanceof ServerDied && /address already in use|can't set|EADDRINUSE/i.test(error.output)
  );
}

async function occupied(port: number): Promise<NightshiftError> {
  const address = `127.0.0.1:${port}`;
  const result = await probe(localTarget(address, defaultNamespace), localDeadlineMs);
  const what = answered(result) ? 'another Temporal server' : 'something that is not Temporal';
  return new NightshiftError(
    'NoTemporalServer',
    `Can't start the embedded server on ${address}: ${what} listens there`,
    { hint: 'Choose another port, or stop what listens there.' },
  );
}

/** What the server says when its database is not, or no longer, one. */
const brokenDatabase = /not a database|malformed|no such table|disk I\/O error|no such column/i;
const lockedDatabase = /database is locked|SQLITE_BUSY/i;

function explain(error: unknown, stateDir: string): unknown {
  if (!(error instanceof ServerDied)) return error;
  const database = databasePath(stateDir);
  if (brokenDatabase.test(error.output)) {
    return new NightshiftError('NoTemporalServer', `${database} is damaged: ${error.output}`, {
      hint: `Move it away, with ${database}-wal and ${database}-shm, to start afresh; it holds the history of local runs.`,
      cause: error,
    });
  }
  if (lockedDatabase.test(error.output)) {
    return new NightshiftError('NoTemporalServer', `${database} is in use by another process`, {
      hint: 'Stop the process that uses it, then try again.',
      retryable: true,
      cause: error,
    });
  }
  return noTemporalServer(`The embedded server ended at its start: ${error.output}`, error);
}
