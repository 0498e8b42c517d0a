import { InvalidInputError } from '../src/domain/errors.js';
import { startSandbox, type Sandbox } from './index.js';

export interface RunSandboxOptions {
  /** Path of a fleet file. */
  fleet: string;
  /** 4777 unless given. */
  port?: number;
  /** 127.0.0.1 unless given. */
  host?: string;
  /** Sandbox seconds per real second; 1 unless given. */
  speed?: number;
  seed?: number;
  /** Where it says what it does; standard output and error unless given. */
  out?: (line: string) => void;
  error?: (line: string) => void;
}

/**
 * Runs a sandbox until SIGTERM or SIGINT, and returns the exit code: 0, or 2 when the fleet or the port can't be used.
 */
export async function runSandbox(options: RunSandboxOptions): Promise<number> {
  const out = options.out ?? ((line: string) => process.stdout.write(`${line}\n`));
  const error = options.error ?? ((line: string) => process.stderr.write(`${line}\n`));
  let sandbox: Sandbox;
  try {
    sandbox = await startSandbox({ ...options, port: options.port ?? 4777 });
  } catch (cause) {
    error(whyNot(cause, options));
    return 2;
  }
  const account = sandbox.directory.fleet.managementAccount;
  out(
    `sandbox at ${sandbox.url}, ${sandbox.clock.speed} times as fast as time, seed ${sandbox.faults.seed} · ` +
      `export AWS_ENDPOINT_URL=${sandbox.url} AWS_ACCESS_KEY_ID=${account} AWS_SECRET_ACCESS_KEY=sandbox AWS_REGION=${sandbox.directory.fleet.regions[0] ?? 'us-east-1'}`,
  );
  await untilTold();
  await sandbox.close();
  return 0;
}

function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGTERM', stop);
      process.off('SIGINT', stop);
      resolve();
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

function whyNot(cause: unknown, options: RunSandboxOptions): string {
  if (cause instanceof InvalidInputError)
    return cause.hint === undefined ? cause.message : `${cause.message}\n${cause.hint}`;
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE')
    return `port ${options.port ?? 4777} is in use: give another with --port, or 0 for any free one`;
  if (cause instanceof RangeError) return cause.message;
  throw cause;
}
