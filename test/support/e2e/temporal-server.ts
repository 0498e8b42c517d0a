import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type EmbeddedServer, startEmbeddedServer } from '../../../src/temporal/index.js';
import { quietPort } from '../temporal/quiet-port.js';
import { until } from '../temporal/until.js';

/** A Temporal server for one test, with its state on disk, that can be killed and started again where it was. */
export class OwnTemporalServer {
  private constructor(
    private readonly stateDir: string,
    private readonly port: number,
    private server: EmbeddedServer,
  ) {}

  static async start(): Promise<OwnTemporalServer> {
    const stateDir = await mkdtemp(join(await realpath(tmpdir()), 'nightshift-e2e-'));
    onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
    const port = await quietPort();
    const own = new OwnTemporalServer(
      stateDir,
      port,
      await startEmbeddedServer({ stateDir, port }),
    );
    onTestFinished(() => own.server.stop());
    return own;
  }

  get address(): string {
    return this.server.address;
  }

  get pid(): number {
    return this.server.pid;
  }

  /** SIGKILL: it can write nothing more. Resolves when the process is gone. */
  async kill(): Promise<void> {
    const { pid } = this.server;
    process.kill(pid, 'SIGKILL');
    await until('the server is gone', () => !exists(pid));
  }

  /** Starts it again with the state that it left, on the same port. */
  async restart(): Promise<void> {
    const { stateDir, port } = this;
    this.server = await startEmbeddedServer({ stateDir, port });
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
