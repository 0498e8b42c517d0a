import { spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { NightshiftError } from '../domain/errors.js';
import { answered, localDeadlineMs, probe } from './probe.js';
import { processIdentity } from './process-identity.js';
import { lives, type KnownProcess } from './server-record.js';
import { localTarget } from './target.js';

export interface Launch {
  /** Path of the Temporal CLI. */
  cli: string;
  args: readonly string[];
  /** Receives what the server prints; emptied first. */
  logFile: string;
}

/** The server ended before it answered; `output` holds the last that it printed. */
export class ServerDied extends Error {
  constructor(readonly output: string) {
    super(`the server ended at once: ${output}`);
  }
}

/**
 * Starts the server in a session of its own, so that neither Ctrl-C nor the end of this process ends it:
 * a worker must be able to finish first, and to find the server again after a crash.
 */
export async function launch(options: Launch): Promise<KnownProcess> {
  const log = await open(options.logFile, 'w');
  try {
    const child = spawn(options.cli, [...options.args], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: withoutTemporalSettings(process.env),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const identity = child.pid === undefined ? undefined : await processIdentity(child.pid);
    if (child.pid === undefined || identity === undefined) {
      throw new ServerDied(await lastOutput(options.logFile));
    }
    return { pid: child.pid, identity };
  } finally {
    await log.close();
  }
}

/** Settings for a client would be taken for flags of the server by the CLI. */
function withoutTemporalSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/**
 * Waits until the server answers.
 *
 * @throws ServerDied when its process ends first; NightshiftError when it takes longer than the deadline.
 */
export async function awaitAnswer(
  server: KnownProcess,
  address: string,
  options: { namespace: string; logFile: string; deadlineMs: number },
): Promise<void> {
  const until = Date.now() + options.deadlineMs;
  while (Date.now() < until) {
    if (!(await lives(server))) throw new ServerDied(await lastOutput(options.logFile));
    const target = localTarget(address, options.namespace);
    // A stranger on the same port would answer too: the server must still be alive after it.
    if (answered(await probe(target, localDeadlineMs)) && (await lives(server))) return;
    await sleep(100);
  }
  throw new NightshiftError(
    'NoTemporalServer',
    `The embedded server (process ${server.pid}) did not answer at ${address} within ${Math.round(options.deadlineMs / 1000)} s`,
    { hint: `Its output is in ${options.logFile}.`, retryable: true },
  );
}

/** Asks the server to end, and makes it after `graceMs`. Returns when it is gone. */
export async function end(server: KnownProcess, graceMs = 10_000): Promise<void> {
  if (await gone(server, 'SIGTERM', graceMs)) return;
  if (await gone(server, 'SIGKILL', 10_000)) return;
  throw new NightshiftError(
    'NoTemporalServer',
    `The embedded server (process ${server.pid}) does not end, even by SIGKILL`,
  );
}

async function gone(
  server: KnownProcess,
  signal: NodeJS.Signals,
  waitMs: number,
): Promise<boolean> {
  // Checked right before: the pid may be another's by now.
  if (!(await lives(server))) return true;
  try {
    process.kill(server.pid, signal);
  } catch {
    return true;
  }
  const until = Date.now() + waitMs;
  while (Date.now() < until) {
    if (!(await lives(server))) return true;
    await sleep(50);
  }
  return false;
}

async function lastOutput(logFile: string): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-5).join('\n');
}
