import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ChildRun {
  /** Null when it was ended by a signal. */
  code: number | null;
  /** Standard output, whole. */
  stdout: string;
  /** The last lines of standard error. */
  stderrTail: string;
}

export interface ChildOptions {
  command: string;
  args: readonly string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Ends the child and everything that it started. */
  signal: AbortSignal;
  onStderrLine?: (line: string) => void;
}

const tailLines = 20;

/**
 * Runs a program to its end in a process group of its own, so that an interrupt ends its children
 * (a compiler starts many) with it. Throws when it can't be started or was aborted.
 */
export async function runChild(options: ChildOptions): Promise<ChildRun> {
  options.signal.throwIfAborted();
  const settings: SpawnOptions = {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  };
  const child = spawn(options.command, [...options.args], settings);
  const abort = (): void => killGroup(child);
  options.signal.addEventListener('abort', abort, { once: true });
  try {
    const result = await collect(child, options.onStderrLine);
    options.signal.throwIfAborted();
    return result;
  } finally {
    options.signal.removeEventListener('abort', abort);
  }
}

function collect(child: ChildProcess, onLine?: (line: string) => void): Promise<ChildRun> {
  const stdout: string[] = [];
  const tail: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      onLine?.(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout: stdout.join(''), stderrTail: tail.join('\n') });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
