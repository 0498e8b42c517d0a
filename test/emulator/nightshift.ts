import { spawn } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli', 'main.js');
const runLimit = 150_000;

export interface Finished {
  /** -1 when a signal ended it. */
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs the program as a user does, without a terminal, and kills it with all it started when it takes too long. */
export async function nightshift(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Finished> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...neutralEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that what it started can be ended with it.
    detached: true,
  });
  const { pid } = child;
  const endAll = () => {
    if (pid !== undefined) killGroup(pid);
  };
  process.once('exit', endAll);
  const late = setTimeout(endAll, runLimit);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? -1));
    });
    return { exitCode, stdout, stderr };
  } finally {
    clearTimeout(late);
    process.off('exit', endAll);
  }
}

/** The caller's environment without what would lead Nightshift to another cloud or another server. */
function neutralEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|TEMPORAL_)/.test(name));
  return {
    ...Object.fromEntries(kept),
    // No profile of the user's own either.
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
