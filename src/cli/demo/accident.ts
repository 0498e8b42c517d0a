import { tellOfKill, tellOfTakeover } from './lines.js';
import type { DemoWorker } from './processes.js';
import { type Employment, replaceWorker } from './workers.js';

/** When the worker is killed, and what is said of it. */
export interface Plot<State> {
  /** Whether it is to happen now. */
  isMoment(state: State): boolean;
  /** When that is, and what it means: for people. */
  story(state: State, successor: DemoWorker): { when: string; meaning: string };
  /**
   * Whether what is seen can only be the work of the other worker.
   *
   * @param first what was seen first after the kill
   */
  isTakenOver(state: State, first: State): boolean;
  /** What comes of it at last. */
  afterwards?(): Promise<void>;
}

interface Strike<State> {
  /** Milliseconds since the epoch. */
  at: number;
  /** Number of the worker that is to take over. */
  successor: number;
  /** What was seen first after it. */
  first?: State;
}

/** What every demo is about: in the middle of the work its worker dies, and another one goes on. */
export class Accident<State> {
  private strike: Strike<State> | undefined;
  private isOver = false;

  constructor(
    private readonly plot: Plot<State>,
    private readonly employment: Employment,
    /** What is shown meanwhile. */
    private readonly board: { pause(): void; resume(): void },
  ) {}

  /** Whether the worker was killed, and another one has taken over. */
  get hasHappened(): boolean {
    return this.isOver;
  }

  /** Whether the worker was killed, and nobody has taken over yet. */
  get isUnderWay(): boolean {
    return this.strike !== undefined && !this.isOver;
  }

  /** Looks at how things stand, and does what is due. */
  async see(state: State): Promise<void> {
    if (this.isOver) return;
    if (this.strike) await this.seeTakeover(this.strike, state);
    else if (this.plot.isMoment(state)) await this.kill(state);
  }

  private async kill(state: State): Promise<void> {
    this.board.pause();
    const at = Date.now();
    const { killed, successor } = await replaceWorker(this.employment);
    const { when, meaning } = this.plot.story(state, successor);
    tellOfKill(killed, when, meaning, this.employment.output);
    this.strike = { at, successor: successor.number };
    this.board.resume();
  }

  private async seeTakeover(strike: Strike<State>, state: State): Promise<void> {
    strike.first ??= state;
    if (!this.plot.isTakenOver(state, strike.first)) return;
    this.isOver = true;
    this.board.pause();
    tellOfTakeover(strike.successor, Date.now() - strike.at, this.employment.output);
    await this.plot.afterwards?.();
    this.board.resume();
  }
}
