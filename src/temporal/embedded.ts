import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { NightshiftError } from '../domain/errors.js';
import { processIdentity } from './process-identity.js';
import type { OnProgress } from './progress.js';
import type { CliOrigin } from './server-cli/obtain.js';
import { awaitAnswer, end } from './server-process.js';
import {
  livingRecord,
  livingUsers,
  readRecord,
  writeRecord,
  type KnownProcess,
  type ServerRecord,
} from './server-record.js';
import { startDeadlineMs, startNew } from './start-server.js';
import { defaultStateDir, logPath, makeStateDir } from './state-dir.js';
import { withLock } from './state-lock.js';
import { defaultNamespace, localTarget, type TemporalTarget } from './target.js';

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
    if (found !== undefined) expectNamespace(found, options);
    const record = found ?? (await startNew(stateDir, options));
    return use(stateDir, record, found !== undefined, options.namespace);
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
    if (record === undefined) return undefined;
    expectNamespace(record, options);
    return use(stateDir, record, true, options.namespace);
  });
}

/** A namespace is made when the server starts, not while others use it. */
function expectNamespace(record: ServerRecord, options: EmbeddedOptions): void {
  const { namespace = defaultNamespace } = options;
  if (namespace === record.namespace || namespace === defaultNamespace) return;
  throw new NightshiftError(
    'NoTemporalServer',
    `The server that this checkout runs (${record.address}) was started with the namespace "${record.namespace}", not "${namespace}"`,
    { hint: 'End the commands that use it, then try again.', retryable: true },
  );
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

async function use(
  stateDir: string,
  record: ServerRecord,
  joined: boolean,
  namespace = defaultNamespace,
): Promise<EmbeddedServer> {
  const id = randomUUID();
  const identity = (await processIdentity(process.pid)) ?? 'unknown';
  const users = [...(await livingUsers(record)), { id, pid: process.pid, identity }];
  await writeRecord(stateDir, { ...record, users });
  return {
    ...localTarget(record.address, namespace),
    kind: 'embedded',
    pid: record.server.pid,
    how: record.how,
    joined,
    ...(record.ui === undefined ? {} : { ui: record.ui }),
    stop: () => leave(stateDir, id, record.server),
  };
}

async function leave(stateDir: string, id: string, server: KnownProcess): Promise<void> {
  // Without its folder nobody can find the server any more.
  if (!existsSync(stateDir)) return end(server);
  await locked(stateDir, {}, async () => {
    const record = await readRecord(stateDir);
    if (record === undefined) return end(server);
    if (!record.users.some((user) => user.id === id)) return;
    const others = (await livingUsers(record)).filter((user) => user.id !== id);
    if (others.length > 0) return writeRecord(stateDir, { ...record, users: others });
    await end(record.server);
    // The record stays, so that the next start takes the same port.
    await writeRecord(stateDir, { ...record, users: [] });
  });
}
