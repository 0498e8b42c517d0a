import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NightshiftError } from '../../domain/errors.js';
import { packageRoot } from '../../temporal/package-root.js';

/** How long a process may take to be ready, and to end when it is asked to, in milliseconds. */
const readyWithin = 90_000;
const endWithin = 60_000;

const guard = new URL('./end-with-parent.js', import.meta.url).href;

export interface ChildOptions {
  /** For people: "the sandbox". */
  name: string;
  /** Arguments of `nightshift`. */
  args: readonly string[];
  /** Receives all that it prints. */
  log: string;
  env: NodeJS.ProcessEnv;
}

/** A `nightshift …` of the demo, in a process of its own. */
export class DemoChild {
  private readonly exited: Promise<void>;
  private isToEnd = false;

  private constructor(
    private readonly child: ChildProcess,
    readonly name: string,
    private readonly log: string,
  ) {
    this.exited = new Promise((resolve) => child.once('exit', () => resolve()));
  }

  static async start({ name, args, log, env }: ChildOptions): Promise<DemoChild> {
    const file = await open(log, 'w');
    try {
      const program = join(packageRoot(), 'dist', 'src', 'cli', 'main.js');
      const child = spawn(process.execPath, ['--import', guard, program, ...args], {
        env,
        stdio: ['ignore', file.fd, file.fd, 'ipc'],
        // In a session of its own: a Ctrl-C is the demo's to hear, which ends the others in their turn.
        detached: true,
      });
      await once(child, 'spawn');
      return new DemoChild(child, name, log);
    } finally {
      await file.close();
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** What it has printed so far. */
  printed(): Promise<string> {
    return readFile(this.log, 'utf8');
  }

  /**
   * Waits until it is ready for work.
   *
   * @param look tells whether it is: something when it is, undefined as long as it isn't.
   * @throws NightshiftError when it ends first or takes too long, with the last that it printed.
   */
  async ready<T>(look: () => Promise<T | undefined>, signal: AbortSignal): Promise<T> {
    const until = Date.now() + readyWithin;
    while (Date.now() < until) {
      signal.throwIfAborted();
      const found = await look();
      if (found !== undefined) return found;
      if (this.hasEnded) throw await this.failure('ended before it was ready');
      await delay(150, undefined, { signal });
    }
    throw await this.failure(`was not ready within ${readyWithin / 1_000} s`);
  }

  /** Tells of its end, unless it was made to end here. */
  onUnexpectedEnd(tell: (error: unknown) => void): void {
    void this.exited.then(async () => {
      if (!this.isToEnd) tell(await this.failure('has ended'));
    });
  }

  /** Ends it at once, without a word to it. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    this.isToEnd = true;
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Asks it to end, and makes it if it doesn't. */
  async stop(): Promise<void> {
    if (this.hasEnded) return;
    this.isToEnd = true;
    this.child.kill('SIGTERM');
    const patience = new AbortController();
    const late = delay(endWithin, 'late' as const, { signal: patience.signal }).catch(() => 'over');
    if ((await Promise.race([this.exited, late])) === 'late') await this.kill();
    patience.abort();
  }

  async failure(what: string): Promise<NightshiftError> {
    const lines = (await this.printed()).trim().split('\n').slice(-12);
    const said = lines.map((line) => `  ${line}`).join('\n');
    return new NightshiftError(
      'Internal',
      `${this.name} ${what}; the last that it printed:\n${said}`,
      {
        hint: `All of it is in ${this.log}.`,
      },
    );
  }
}
