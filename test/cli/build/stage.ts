import { Writable } from 'node:stream';
import pc from 'picocolors';
import type { Signals, Told } from '../../../src/cli/build/signals.js';
import type { Stage } from '../../../src/cli/build/stage.js';

/** A stream that remembers; after so many bytes its reader has gone. */
export class Kept extends Writable {
  text = '';
  private left: number;
  private readonly code: string;

  constructor({ breaksAfter = Infinity, code = 'EPIPE', isTTY = false } = {}) {
    super();
    this.left = breaksAfter;
    this.code = code;
    if (isTTY) this.isTTY = true;
  }

  isTTY?: boolean;

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.left -= chunk.length;
    const { code } = this;
    if (this.left < 0) return done(Object.assign(new Error(`write ${code}`), { code }));
    this.text += chunk.toString();
    done();
  }
}

/** Signals that come when a test says so. */
export class FakeSignals implements Signals {
  isClosed = false;
  private missed: Told[] = [];
  private waiting: ((told: Told) => void)[] = [];

  next(): Promise<Told> {
    const told = this.missed.shift();
    return told ? Promise.resolve(told) : new Promise((resolve) => this.waiting.push(resolve));
  }

  send(told: Told): void {
    const { waiting } = this;
    if (waiting.length === 0) this.missed.push(told);
    this.waiting = [];
    for (const hear of waiting) hear(told);
  }

  close(): void {
    this.isClosed = true;
  }
}

export interface FakeStage extends Stage {
  stdout: Kept;
  stderr: Kept;
  told: FakeSignals;
}

/** A place to show a build that nobody but the test sees. */
export function fakeStage(given: Partial<Stage> & { stdout?: Kept } = {}): FakeStage {
  const { stdout = new Kept(), env = {}, ask } = given;
  const stderr = new Kept();
  const told = new FakeSignals();
  const colours = pc.createColors(false);
  return {
    output: {
      print: (text = '') => void stdout.write(`${text}\n`),
      say: (text) => void stderr.write(`${text}\n`),
      interactive: false,
      columns: 80,
      paint: colours,
      tint: colours,
    },
    stdout,
    stderr,
    env,
    ask,
    signals: () => told,
    exit: (code) => code,
    told,
  };
}
