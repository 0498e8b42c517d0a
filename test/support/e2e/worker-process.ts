import { type Running, startNightshift } from '../../cli/support/command.js';
import { until } from '../temporal/until.js';
import { sandboxEnv } from '../sandbox-env.js';

export interface WorkerOptions {
  /** Folder with the nightshift.yaml that names the task queue. */
  folder: string;
  temporalAddress: string;
  sandboxUrl: string;
}

/** `nightshift worker` in a process of its own, so that it can be killed. */
export class WorkerProcess {
  private constructor(private readonly command: Running) {}

  /** Starts one and waits until it polls. */
  static async start({
    folder,
    temporalAddress,
    sandboxUrl,
  }: WorkerOptions): Promise<WorkerProcess> {
    const command = startNightshift(['worker', '--log-level', 'error'], {
      cwd: folder,
      env: {
        TEMPORAL_ADDRESS: temporalAddress,
        ...sandboxEnv(sandboxUrl, 'us-east-1'),
      },
    });
    living.add(command);
    const ended = command.finished.then(({ stderr, code }) => {
      living.delete(command);
      throw new Error(`the worker ended with ${code ?? 'a signal'}: ${stderr}`);
    });
    const polls = until('the worker polls', () => command.written().stderr.includes('polls'));
    await Promise.race([polls, ended]);
    ended.catch(() => undefined);
    return new WorkerProcess(command);
  }

  get pid(): number {
    return this.command.pid;
  }

  /** Whether it has not ended, by itself or otherwise. */
  get lives(): boolean {
    return living.has(this.command);
  }

  /** SIGKILL: nothing is handed over. Resolves when the process is gone. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.command.signal(signal);
    await this.command.finished;
  }
}

const living = new Set<Running>();

// The last resort, for a test process that ends before its hooks have run.
process.on('exit', () => {
  for (const command of living) command.signal('SIGKILL');
});
