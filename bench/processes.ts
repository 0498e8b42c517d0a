import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { FleetInput } from '../sandbox/fleet/schema.js';

/** A process of the benchmark, so that each part has a memory and a core of its own, as in life. */
export class BenchProcess<T> {
  private constructor(
    private readonly child: ChildProcess,
    readonly ready: T,
  ) {}

  static async start<T>(
    file: string,
    options: { message: unknown; ready: z.ZodType<T>; env?: NodeJS.ProcessEnv },
  ): Promise<BenchProcess<T>> {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.send(options.message as object);
    const [answer] = (await Promise.race([once(child, 'message'), failsToStart(child, file)])) as [
      unknown,
    ];
    return new BenchProcess(child, options.ready.parse(answer));
  }

  /** Asks it to end, and returns what it says last. */
  async stop<R>(last: z.ZodType<R>): Promise<R> {
    const said = once(this.child, 'message');
    const ended = once(this.child, 'exit');
    // Not its end: that may be known before what it said has been read.
    const fallsSilent = once(this.child, 'disconnect').then(async (): Promise<never> => {
      const [code, signal] = (await ended) as [number | null, string | null];
      throw new Error(
        `${this.child.spawnargs.at(-1)} ended with ${code ?? signal}, its last word unsaid`,
      );
    });
    this.child.send('stop');
    const [answer] = (await Promise.race([said, fallsSilent])) as [unknown];
    const result = last.parse(answer);
    await ended;
    return result;
  }
}

async function failsToStart(child: ChildProcess, file: string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`${file} ended with ${code ?? 'a signal'}`);
}

export const sandboxReady = z.object({ url: z.string() });
const growthSchema = z.array(z.object({ at: z.number(), bytes: z.number() }));
/** How the logs of Buildkite's jobs grew, by the UUID of the job. */
export const sandboxLast = z.object({ jobLogs: z.record(z.string(), growthSchema) });
export interface SandboxMessage {
  fleet: FleetInput;
  speed: number;
}

export const workerReady = z.object({ ready: z.literal(true) });
export const workerLast = z.object({ peakRss: z.number(), cpuSeconds: z.number() });
export interface WorkerMessage {
  address: string;
  taskQueue: string;
}

/** In a process of the benchmark: the message that it was started with. */
export async function firstMessage<T>(): Promise<T> {
  const [message] = (await once(process, 'message')) as [T];
  return message;
}

/** In a process of the benchmark: resolves when it is asked to end. */
export async function untilStopped(): Promise<void> {
  await once(process, 'message');
}

/** In a process of the benchmark: resolves when the message is on its way, and the process may end. */
export async function tell(message: object): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve())),
  );
}
