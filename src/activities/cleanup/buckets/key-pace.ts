import { setTimeout as delay } from 'node:timers/promises';

/** Keys a second that a rate never falls below: what is slowed down at random must not starve. */
const slowest = 350;

/** Until the first SlowDown the limit is looked for fast; after it, from just below. */
const searching = { growth: 1.15, fall: 0.75 };
const probing = { growth: 1.02, fall: 0.9 };

/** Milliseconds after a fall in which a SlowDown tells of calls that were on their way, not of the new rate. */
const settling = 1000;

/**
 * Paces deletes by keys. S3 limits keys per second and prefix and says only "slow down": so the rate grows a little
 * with every second that goes well, and falls when S3 complains.
 */
export class KeyPace {
  private nextAt = 0;
  private fellAt = -Infinity;
  private grownAt: number;
  private manner = searching;
  private readonly startedAt: number;
  private granted = 0;

  constructor(
    private rate: number,
    private readonly now: () => number = () => performance.now(),
    private readonly sleep: (ms: number, signal?: AbortSignal) => Promise<unknown> = (ms, signal) =>
      delay(ms, undefined, { signal }),
  ) {
    this.grownAt = now();
    this.startedAt = this.grownAt;
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

  /** So many keys were deleted. */
  succeeded(keys: number): void {
    const now = this.now();
    this.granted += keys;
    const seconds = Math.min(1, (now - this.grownAt) / 1000);
    this.grownAt = now;
    if (now - this.fellAt < settling) return;
    this.rate *= this.manner.growth ** seconds;
  }

  slowedDown(): void {
    const now = this.now();
    if (now - this.fellAt < settling) return;
    const fallen = this.rate * this.manner.fall;
    // The first fall may be a deep one: what S3 has granted so far is the best guess at its limit.
    const lower = this.manner === searching ? Math.min(fallen, this.grantedPerSecond(now)) : fallen;
    this.rate = Math.max(Math.min(slowest, this.rate), lower);
    this.manner = probing;
    this.fellAt = now;
    this.grownAt = now;
  }

  private grantedPerSecond(now: number): number {
    return this.granted / Math.max(1, (now - this.startedAt) / 1000);
  }
}
