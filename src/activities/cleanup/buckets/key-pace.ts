import { setTimeout as delay } from 'node:timers/promises';

/** A rate never falls below this many keys a second. */
const slowest = 100;
const decrease = 0.8;
/** Growth a second until the first SlowDown, and after it: S3's limit is looked for fast, and then from below. */
const searching = 1.25;
const probing = 1.03;
/** Calls that were on their way when the rate fell say nothing about the new rate. */
const settling = 700;

/**
 * Paces deletes by keys. S3 limits keys per second and prefix and says only "slow down": so the rate grows a little
 * with every second that goes well and falls by a fifth when S3 complains.
 */
export class KeyPace {
  private nextAt = 0;
  private fellAt = -Infinity;
  private grownAt: number;
  private growth = searching;

  constructor(
    private rate: number,
    private readonly now: () => number = () => performance.now(),
    private readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown> = (ms, signal) =>
      delay(ms, undefined, { signal }),
  ) {
    this.grownAt = now();
  }

  /** Keys per second at the moment. */
  get keysPerSecond(): number {
    return this.rate;
  }

  /** Resolves when a call of so many keys may be made. */
  async take(keys: number, signal?: AbortSignal): Promise<void> {
    const now = this.now();
    const at = Math.max(now, this.nextAt);
    this.nextAt = at + (keys / this.rate) * 1000;
    if (at > now) await this.sleep(at - now, signal);
  }

  succeeded(): void {
    const now = this.now();
    const seconds = Math.min(1, (now - this.grownAt) / 1000);
    this.grownAt = now;
    if (now - this.fellAt < settling) return;
    this.rate *= this.growth ** seconds;
  }

  slowedDown(): void {
    const now = this.now();
    if (now - this.fellAt < settling) return;
    this.fellAt = now;
    this.grownAt = now;
    this.growth = probing;
    this.rate = Math.max(slowest, this.rate * decrease);
  }
}
