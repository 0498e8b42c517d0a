import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import type { Output } from '../output.js';
import type { Written } from './log-printer.js';

type Stream = NodeJS.WritableStream & { isTTY?: boolean; fd?: number };

/** The stream that a log is written to: as fast as its reader reads, until the reader has seen enough. */
export class LogStream {
  /** Resolves when the reader has gone: `| head`. Rejects when the stream fails otherwise. */
  readonly broken: Promise<void>;
  private isBroken = false;
  private gate: Promise<void> | undefined;
  private open: (() => void) | undefined;
  private midLine = false;
  private readonly others: readonly ((...args: unknown[]) => void)[];
  private onError: (error: NodeJS.ErrnoException) => void = () => undefined;

  constructor(
    private readonly stream: Stream,
    private readonly output: Pick<Output, 'say'>,
  ) {
    this.broken = new Promise((resolve, reject) => {
      this.onError = (error) => {
        this.isBroken = true;
        if (error.code === 'EPIPE') resolve();
        else reject(error);
      };
    });
    this.broken.catch(() => undefined);
    // Elsewhere a reader that has gone ends the process on the spot. Here a worker may have to be ended first.
    this.others = stream.listeners('error') as ((...args: unknown[]) => void)[];
    stream.removeAllListeners('error');
    stream.on('error', this.onError);
  }

  /** Writes in the order given; ends when the stream wants more. */
  async write(all: readonly Written[]): Promise<void> {
    for (const { to, text } of all) {
      await this.gate;
      if (to === 'person') this.say(text);
      else await this.append(text);
    }
  }

  /** A line for the person, whatever line of the log is under way. */
  say(line: string): void {
    if (this.midLine && this.stream.isTTY && !this.isBroken) this.stream.write('\n');
    this.midLine = false;
    this.output.say(line);
  }

  /** Writes no more until `resume`: somebody is asked something. */
  pause(): void {
    this.gate ??= new Promise((resolve) => (this.open = resolve));
  }

  resume(): void {
    this.gate = undefined;
    this.open?.();
  }

  close(): void {
    this.resume();
    if (this.midLine && this.stream.isTTY && !this.isBroken) this.stream.write('\n');
    // To a reader that has gone, what was written last may fail still.
    if (this.isBroken) return;
    this.stream.off('error', this.onError);
    for (const other of this.others) this.stream.on('error', other);
  }

  private async append(text: string): Promise<void> {
    if (text === '' || this.isBroken) return;
    this.midLine = !text.endsWith('\n');
    if (this.stream.write(text)) return;
    const waiting = new AbortController();
    try {
      await Promise.race([
        once(this.stream, 'drain', { signal: waiting.signal }).catch(() => undefined),
        this.broken,
      ]);
    } finally {
      waiting.abort();
    }
  }
}

/** Whether a stream goes to a file, rather than to a terminal or a pipe. */
export function isFile({ fd }: { fd?: number }): boolean {
  try {
    return fd !== undefined && fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
