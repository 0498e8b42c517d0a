import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/temporal/package-root.js';

export const program = join(packageRoot(), 'dist/src/cli/main.js');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  pid: number;
  /** What it has written so far. */
  written(): { stdout: string; stderr: string };
  signal(name: NodeJS.Signals): void;
  finished: Promise<Finished>;
}

export interface CommandOptions {
  cwd: string;
  /** On top of an environment without credentials, servers or colours of its own. */
  env?: NodeJS.ProcessEnv;
}

/** Runs `nightshift` as a user does, and waits for its end. */
export function nightshift(args: readonly string[], options: CommandOptions): Promise<Finished> {
  return startCommand([program, ...args], options).finished;
}

export function startNightshift(args: readonly string[], options: CommandOptions): Running {
  return startCommand([program, ...args], options);
}

/** Runs a Node program, its standard streams no terminal. */
export function startCommand(args: readonly string[], { cwd, env }: CommandOptions): Running {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...bareEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    pid: child.pid ?? 0,
    written: () => ({ stdout, stderr }),
    signal: (name) => void child.kill(name),
    finished,
  };
}

/** What every command gets: nothing of this machine's AWS or Temporal settings. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, XDG_CACHE_HOME } = process.env;
  return {
    PATH,
    HOME,
    TMPDIR,
    XDG_CACHE_HOME,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    TEMPORAL_CONFIG_FILE: devNull,
    NIGHTSHIFT_WORKER_WAIT: '60',
  };
}
