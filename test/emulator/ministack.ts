import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { emulatorPython } from './environment.js';

const startLimit = 60_000;
const stopLimit = 10_000;
const outputKept = 20_000;

/** A running MiniStack, empty at first. */
export interface MiniStack {
  endpoint: string;
  /** Forgets every account, region and resource. */
  reset(): Promise<void>;
  /** Ends the process and removes what it wrote. Calling it again does nothing. */
  stop(): Promise<void>;
}

/** Starts MiniStack on a free loopback port and waits until it answers. */
export async function startMiniStack(): Promise<MiniStack> {
  const python = emulatorPython();
  const home = await mkdtemp(join(tmpdir(), 'nightshift-ministack-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(python, ['-m', 'ministack'], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing of the caller's AWS settings: they would change the account that it takes for its own.
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TMPDIR: home,
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      IOT_MTLS_ENABLED: '0',
      LOG_LEVEL: 'WARNING',
    },
  });
  const output = keepOutput(child);
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);

  const stop = async () => {
    process.off('exit', killAtExit);
    await end(child);
    await rm(home, { recursive: true, force: true });
  };
  try {
    await untilHealthy(endpoint, child, output);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint,
    reset: async () => {
      const answer = await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
      if (!answer.ok) throw new Error(`MiniStack could not be reset: HTTP ${answer.status}`);
    },
    stop,
  };
}

async function untilHealthy(
  endpoint: string,
  child: ChildProcess,
  output: () => string,
): Promise<void> {
  const deadline = Date.now() + startLimit;
  while (Date.now() < deadline) {
    if (hasEnded(child)) throw new Error(`MiniStack ended before it was ready:\n${output()}`);
    try {
      const answer = await fetch(`${endpoint}/_ministack/health`, {
        signal: AbortSignal.timeout(2_000),
      });
      if (answer.ok) return;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  throw new Error(`MiniStack was not ready after ${startLimit / 1000} s:\n${output()}`);
}

/** The last of what the process printed, for error messages. */
function keepOutput(child: ChildProcess): () => string {
  let text = '';
  const add = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-outputKept);
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  child.on('error', (error) => add(Buffer.from(String(error))));
  return () => text;
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.kill('SIGTERM');
  const inTime = await Promise.race([
    ended.then(() => true),
    sleep(stopLimit, false, { ref: false }),
  ]);
  if (inTime) return;
  child.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
