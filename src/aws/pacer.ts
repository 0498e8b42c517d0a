import { setTimeout as delay } from 'node:timers/promises';

export interface Rate {
  /** Calls per second in the long run. */
  perSecond: number;
  /** Calls that may be made at once after a quiet time. */
  burst: number;
}

/** A rate never falls below this share of what is configured: throttling at random must not starve a run. */
const floorShare = 0.2;
const slowDown = 0.7;
const speedUpShare = 0.05;

/**
 * Paces the calls to one service in one account and region: a token bucket whose rate falls when
 * AWS throttles and recovers with every call that goes through. AWS publishes no rate for
 * CloudFormation, and it counts per account, region and service.
 */
export class Pacer {
  private tokens: number;
  private filledAt: number;
  private rate: number;
  /** Calls wait in line, so that none overtakes. */
  private line: Promise<void> = Promise.resolve();

  constructor(
    private readonly configured: Rate,
    private readonly now: () => number = Date.now,
    private readonly sleep: (ms: number) => Promise<unknown> = delay,
  ) {
    this.tokens = configured.burst;
    this.rate = configured.perSecond;
    this.filledAt = now();
  }

  /** Resolves when the next call may be made. */
  take(): Promise<void> {
    const turn = this.line.then(() => this.takeInTurn());
    this.line = turn.catch(() => undefined);
    return turn;
  }

  throttled(): void {
    this.rate = Math.max(this.rate * slowDown, this.configured.perSecond * floorShare);
  }

  succeeded(): void {
    const { perSecond } = this.configured;
    this.rate = Math.min(perSecond, this.rate + perSecond * speedUpShare);
  }

  get currentRate(): number {
    return this.rate;
  }

  private async takeInTurn(): Promise<void> {
    this.fill();
    if (this.tokens < 1) {
      await this.sleep(Math.ceil(((1 - this.tokens) / this.rate) * 1000));
      this.fill();
    }
    // A timer may fire a little early: a token owed is paid by the next in line.
    this.tokens -= 1;
  }

  private fill(): void {
    const now = this.now();
    const earned = (Math.max(0, now - this.filledAt) / 1000) * this.rate;
    this.tokens = Math.min(this.configured.burst, this.tokens + earned);
    this.filledAt = now;
  }
}
