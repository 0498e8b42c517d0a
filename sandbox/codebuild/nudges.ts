import type { Clock } from '../core/clock.js';
import type { Timeline } from '../core/timeline.js';

/** The longest that setTimeout can wait, in ms. */
const longest = 2 ** 31 - 1;

/**
 * Lets what is due happen though no request comes: the only timers of the sandbox, for builds whose commands really
 * run. They don't keep the process alive.
 */
export class Nudges {
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    private readonly clock: Clock,
    private readonly timeline: Timeline,
  ) {}

  /** @param time sandbox ms */
  at(time: number): void {
    const wait = this.clock.realMilliseconds(Math.max(0, time - this.clock.now()));
    // Rounded up, or it would come a moment too early and find nothing to do.
    if (wait >= longest) return;
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        this.timeline.advance(this.clock.now());
      },
      Math.ceil(wait) + 1,
    );
    timer.unref();
    this.timers.add(timer);
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
