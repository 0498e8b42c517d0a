import type { z } from 'zod';
import { SandboxAdmin } from '../sandbox/admin-client.js';
import type { FleetInput } from '../sandbox/fleet/schema.js';
import { NightshiftClient } from '../src/client/index.js';
import type { TemporalTarget } from '../src/temporal/index.js';
import {
  BenchProcess,
  type SandboxMessage,
  type WorkerMessage,
  sandboxReady,
  workerLast,
  workerReady,
} from './processes.js';

export interface Scene {
  /** Of the case, for the task queue's name. */
  name: string;
  fleet: FleetInput;
  /** Sandbox seconds per second. */
  speed: number;
}

/** A sandbox and a worker, each in a process of its own, and a client. */
export class Stage {
  private constructor(
    readonly url: string,
    readonly taskQueue: string,
    readonly nightshift: NightshiftClient,
    readonly admin: SandboxAdmin,
    private readonly sandbox: BenchProcess<unknown>,
    private readonly worker: BenchProcess<unknown>,
  ) {}

  static async set({ name, fleet, speed }: Scene, server: TemporalTarget): Promise<Stage> {
    const sandbox = await BenchProcess.start('./sandbox-process.js', {
      message: { fleet, speed } satisfies SandboxMessage,
      ready: sandboxReady,
    });
    const { url } = sandbox.ready;
    const taskQueue = `bench-${name}-${process.pid}`;
    const worker = await BenchProcess.start('./worker-process.js', {
      message: { address: server.address, taskQueue } satisfies WorkerMessage,
      ready: workerReady,
      env: {
        AWS_ENDPOINT_URL: url,
        AWS_ACCESS_KEY_ID: '000000000000',
        AWS_SECRET_ACCESS_KEY: 'sandbox',
        AWS_REGION: 'ap-southeast-2',
      },
    });
    const nightshift = await NightshiftClient.connect({ server, taskQueue });
    return new Stage(url, taskQueue, nightshift, new SandboxAdmin(url), sandbox, worker);
  }

  /** Ends client and worker: what the worker has taken. */
  async stopWorker(): Promise<z.infer<typeof workerLast>> {
    await this.nightshift.close();
    return await this.worker.stop(workerLast);
  }

  /** Ends the sandbox: what it says last. */
  async stopSandbox<R>(last: z.ZodType<R>): Promise<R> {
    return await this.sandbox.stop(last);
  }
}
